import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import { type JsonText, jsonText } from '../http/contract/answer.ts';
import { wordReason } from '../reasons/word-reason.ts';
import { queryStore } from '../store/query-store.ts';
import type { Recommendation, RecommendationReason } from './model.ts';
import type { Ranked } from './rank.ts';
import type { Why } from './reasons.ts';

const pageStatement = prepared<{ tmdbIds: number[] }, { tmdb_id: number; item: string }>(
  'api-recommendation-page',
  ({ tmdbIds }) => sql`
    select m.tmdb_id, (select row_to_json(i) from (select ${listItemColumns}) i)::text as item
    from movies m where m.tmdb_id = any(${tmdbIds}::int[])`,
);

const worded = (reason: Why): RecommendationReason => wordReason(reason);

/** One page of a list as JSON; the movies’ part is as the database wrote it: whatever is to be added to each item goes here. */
export async function selectPage(
  pool: Pool,
  shown: readonly Ranked[],
  explain: boolean,
): Promise<JsonText<Recommendation[]>> {
  if (shown.length === 0) return jsonText('[]');
  const rows = await queryStore(pool, pageStatement({ tmdbIds: shown.map(({ tmdbId }) => tmdbId) }));
  const items = new Map(rows.map(({ tmdb_id, item }) => [tmdb_id, item]));
  const texts = shown.flatMap(({ tmdbId, score, reasons, parts }) => {
    const item = items.get(tmdbId);
    if (item === undefined) return [];
    const rest = JSON.stringify({ score, reasons: reasons().map(worded), ...(explain ? { parts } : {}) });
    return [`{"movie":${item},${rest.slice(1)}`];
  });
  return jsonText(`[${texts.join(',')}]`);
}
