import { type Brief, type Catalogue, PAGE_SIZE, pageOf } from './catalogue.ts';
import type { WirePage, WireRow } from './wire.ts';

/** Search looks no further than this into the catalogue, so that its work does not grow with it. */
const SEARCHED = 40_000;
const CAST_SEARCHED = 1_000;

const ascii = /^[ -~]*$/;

export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}

const popularFirst = (a: Brief, b: Brief) => (b.popularity ?? 0) - (a.popularity ?? 0) || a.id - b.id;

function rowsOf(catalogue: Catalogue, briefs: readonly Brief[], page: number): WirePage {
  const rows = briefs
    .slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    .map(({ id }) => catalogue.row(id))
    .filter((row): row is WireRow => row !== undefined);
  return pageOf(rows, page, briefs.length);
}

function* firstBriefs(catalogue: Catalogue, limit: number): Iterable<Brief> {
  // From the end as well: that is where movies added to the catalogue are.
  for (let position = 0; position < Math.min(limit, catalogue.size); position++) {
    const brief = catalogue.brief(catalogue.idAt(position));
    if (brief) yield brief;
  }
  for (let position = Math.max(limit, catalogue.size - 100); position < catalogue.size; position++) {
    const brief = catalogue.brief(catalogue.idAt(position));
    if (brief) yield brief;
  }
}

/**
 * `primary_release_year` is the year of the movie's own date. `year` is that of any of its releases, as recorded from
 * the real service: here, what came out the year before counts as released elsewhere in this one.
 */
function ofYears(query: URLSearchParams): (brief: Brief) => boolean {
  const [primary, any] = [query.get('primary_release_year'), query.get('year')].map((text) => Number(text));
  return ({ release_date }) => {
    const year = Number(release_date?.slice(0, 4) || Number.NaN);
    return (!primary || year === primary) && (!any || year === any || year === any - 1);
  };
}

/** `undefined`: TMDb refuses a search for nothing. */
export function searchMovies(
  catalogue: Catalogue,
  query: URLSearchParams,
  page: number,
): WirePage | undefined {
  const wanted = fold(query.get('query') ?? '').trim();
  if (wanted === '') return undefined;
  const inYear = ofYears(query);
  const found: Brief[] = [];
  for (const brief of firstBriefs(catalogue, SEARCHED)) {
    if (brief.adult && query.get('include_adult') !== 'true') continue;
    if (!inYear(brief)) continue;
    if (fold(brief.title).includes(wanted) || fold(brief.original_title).includes(wanted)) found.push(brief);
  }
  const rows = rowsOf(catalogue, found.sort(popularFirst), page);
  // Nothing found is no page, as recorded.
  return found.length === 0 ? { ...rows, total_pages: 0 } : rows;
}

const sortKeys: Readonly<Record<string, (brief: Brief) => number | string>> = {
  popularity: (brief) => brief.popularity ?? 0,
  vote_average: (brief) => brief.vote_average,
  vote_count: (brief) => brief.vote_count,
  primary_release_date: (brief) => brief.release_date ?? '',
  release_date: (brief) => brief.release_date ?? '',
  title: (brief) => brief.title,
};

function compareBy(sortBy: string): (a: Brief, b: Brief) => number {
  const [field = '', direction] = sortBy.split('.');
  const key = sortKeys[field] ?? (sortKeys.popularity as (brief: Brief) => number);
  const sign = direction === 'asc' ? 1 : -1;
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return a.id - b.id;
    return left < right ? -sign : sign;
  };
}

/** Comma means all of them, bar means any, as in TMDb. */
function matcher(list: string | null): (ids: readonly number[]) => boolean {
  if (!list) return () => true;
  const wanted = list.split(/[,|]/).map(Number);
  return list.includes('|')
    ? (ids) => wanted.some((id) => ids.includes(id))
    : (ids) => wanted.every((id) => ids.includes(id));
}

export function discoverMovies(catalogue: Catalogue, query: URLSearchParams, page: number): WirePage {
  const ofGenre = matcher(query.get('with_genres'));
  const ofCast = matcher(query.get('with_cast'));
  const byCast = query.has('with_cast');
  const withAdult = query.get('include_adult') === 'true';
  const found: Brief[] = [];
  for (const id of catalogue.popular().slice(0, byCast ? CAST_SEARCHED : undefined)) {
    const brief = catalogue.brief(id);
    if (!brief || (brief.adult && !withAdult) || !ofGenre(brief.genre_ids)) continue;
    if (byCast) {
      const cast = catalogue.details(id, ['credits'])?.credits?.cast ?? [];
      if (!ofCast(cast.map((player) => player.id))) continue;
    }
    found.push(brief);
  }
  return rowsOf(catalogue, found.sort(compareBy(query.get('sort_by') ?? 'popularity.desc')), page);
}
