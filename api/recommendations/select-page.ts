import type { Pool } from 'pg';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { Ranked } from './rank.ts';

/** $1: TMDb ids. */
const statement: Statement = {
  name: 'api-recommendation-page',
  text: `
    select m.tmdb_id, (select row_to_json(i) from (select ${listItemColumns}) i)::text as item
    from movies m where m.tmdb_id = any($1::int[])`,
};

interface PageRow {
  tmdb_id: number;
  item: string;
}

/** One page of a list as JSON; the movies’ part is as the database wrote it: whatever is to be added to each item goes here. */
export async function selectPage(pool: Pool, shown: readonly Ranked[], explain: boolean): Promise<string> {
  if (shown.length === 0) return '[]';
  const ids = shown.map(({ tmdbId }) => tmdbId);
  const rows = await queryStore<PageRow & Record<string, unknown>>(pool, statement, [ids]);
  const items = new Map(rows.map(({ tmdb_id, item }) => [tmdb_id, item]));
  const texts = shown.flatMap(({ tmdbId, score, reasons, parts }) => {
    const item = items.get(tmdbId);
    if (item === undefined) return [];
    const rest = JSON.stringify({ score, reasons: reasons(), ...(explain ? { parts } : {}) });
    return [`{"movie":${item},${rest.slice(1)}`];
  });
  return `[${texts.join(',')}]`;
}
