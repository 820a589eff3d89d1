import type { Relation } from './generated-relations.ts';
import type { ExportEntry, Part, WireMovie, WirePage, WireRow } from './wire.ts';

/** What lists are sorted, searched and filtered by. */
export type Brief = Pick<
  WireRow,
  | 'id'
  | 'title'
  | 'original_title'
  | 'genre_ids'
  | 'release_date'
  | 'popularity'
  | 'vote_average'
  | 'vote_count'
  | 'adult'
>;

export type Window = 'day' | 'week';

/** A set of movies that can be served, wherever they come from. */
export interface Catalogue {
  readonly identity: string;
  readonly size: number;
  /** The movie at a position of the export, 0 to size - 1. */
  idAt(position: number): number;
  exportEntryAt(position: number): ExportEntry;
  brief(id: number): Brief | undefined;
  row(id: number): WireRow | undefined;
  /** The row as JSON in UTF-8, where the catalogue has that at hand. */
  readonly rowJson?: ((id: number) => Buffer<ArrayBuffer> | undefined) | undefined;
  /** The movie with the parts asked for and no others. */
  details(id: number, parts: readonly Part[]): WireMovie | undefined;
  related(id: number, relation: Relation): readonly number[];
  /** The most popular movies, at most TOP of them, adult ones left out. */
  popular(): readonly number[];
  trending(window: Window): readonly number[];
  idByImdb(imdbId: string): number | undefined;
  /** What changed on these days, the latest first; a catalogue that nobody changes has nothing to say. */
  readonly changedIds?: ((from: string, to: string) => number[]) | undefined;
}

/** As far as TMDb lets a list be read: 500 pages of 20. */
export const TOP = 10_000;
export const PAGE_SIZE = 20;

const comma = Buffer.from(',');
const pageEnd = Buffer.from(']}');

export function pageOf<Row>(rows: readonly Row[], page: number, total: number): WirePage<Row> {
  return {
    page,
    results: [...rows],
    total_pages: Math.max(1, Math.ceil(total / PAGE_SIZE)),
    total_results: total,
  };
}

/** One page of a list given by its ids; ids that are gone by now leave a shorter page. */
export function pageOfIds(catalogue: Catalogue, ids: readonly number[], page: number): WirePage {
  const rows = ids
    .slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    .map((id) => catalogue.row(id))
    .filter((row) => row !== undefined);
  return pageOf(rows, page, ids.length);
}

/** The first page of a list as pieces of JSON, around rows that are JSON already. */
export function firstPageJson(
  rowJson: (id: number) => Buffer<ArrayBuffer> | undefined,
  ids: readonly number[],
): Buffer<ArrayBuffer>[] {
  const { results, ...totals } = pageOf<never>([], 1, ids.length);
  const pieces = [Buffer.from(`${JSON.stringify(totals).slice(0, -1)},"results":[`)];
  for (const id of ids.slice(0, PAGE_SIZE)) {
    const row = rowJson(id);
    if (row) pieces.push(row, comma);
  }
  if (pieces.length > 1) pieces.pop();
  pieces.push(pageEnd);
  return pieces;
}
