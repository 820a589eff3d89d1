import type { Pool } from 'pg';
import {
  type DocumentName,
  peopleLists,
  readReferenceDocument,
  referenceNames,
} from '#shared/reference/reference-document.ts';
import { type AskedQuery, pageOf, pageSize, pageText } from '../wire/asked-query.ts';
import type { Documents } from '../wire/documents.ts';
import { TmdbFailure } from '../wire/tmdb-failure.ts';
import type { TmdbRoute } from '../wire/tmdb-route.ts';

interface ReferenceDeps {
  pool: Pool;
  documents: Documents;
}

type Row = Record<string, unknown>;

/** TMDb's lists of codes, its lists of people and its newest movie, as it last sent them. */
export function referenceRoutes({ pool, documents }: ReferenceDeps): TmdbRoute[] {
  const read = async (name: DocumentName) => {
    const document = await readReferenceDocument(pool, name);
    // Not read yet: the job that brings it runs at the first start.
    if (document === undefined) throw new TmdbFailure(9, { retryAfterMs: 2000 });
    return document;
  };
  const whole = (name: DocumentName): TmdbRoute => ({
    path: name,
    answer: () => documents.ofMirror(`document/${name}`, () => read(name)),
  });
  const people = (name: DocumentName): TmdbRoute => ({
    path: name,
    answer({ query }) {
      const page = pageOf(query);
      return documents.ofMirror(`people/${name}/${page}`, async () => {
        const { text, fetchedAtMs } = await read(name);
        const rows = rowsOf(text);
        const results = JSON.stringify(rows.slice((page - 1) * pageSize, page * pageSize));
        return { text: pageText({ page, results, total: rows.length }), fetchedAtMs };
      });
    },
  });
  const providers: TmdbRoute = {
    path: 'watch/providers/movie',
    answer({ query }) {
      const region = regionOf(query);
      return documents.ofMirror(`providers/${region}`, async () => {
        const { text, fetchedAtMs } = await read('watch/providers/movie');
        const rows = rowsOf(text);
        const results = region === '' ? rows : rows.filter((row) => isThere(row, region));
        return { text: JSON.stringify({ results }), fetchedAtMs };
      });
    },
  };
  // Where images are is told by our own settings.
  const others = referenceNames.filter(
    (name) => name !== 'configuration' && name !== 'watch/providers/movie',
  );
  return [...others.map(whole), whole('movie/latest'), ...peopleLists.map(people), providers];
}

const rowsOf = (text: string): Row[] => (JSON.parse(text) as { results: Row[] }).results;

/** Two letters, or nothing: anything else means every country. */
const regionOf = (query: AskedQuery): string =>
  /^[a-z]{2}$/i.exec(query.get('watch_region') ?? '')?.[0].toUpperCase() ?? '';

const isThere = (row: Row, region: string): boolean =>
  typeof row.display_priorities === 'object' &&
  row.display_priorities !== null &&
  region in row.display_priorities;
