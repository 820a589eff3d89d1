import { prepared, sql } from '#shared/db/sql.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryStore } from '../store/query-store.ts';

export type TitleTable = 'movie_titles' | 'movie_other_titles';

/** Of a table: about how many rows there are, and what share of them has a word, for the words that most have. */
export interface WordShares {
  rows: number;
  shares: ReadonlyMap<string, number>;
}

/** A table of which nothing is known yet is missing. */
export type CommonWords = Partial<Record<TitleTable, WordShares>>;

const commonStatement = prepared<void, { table: TitleTable; rows: number; shares: Record<string, number> }>(
  'api-common-words',
  () => sql`
    select tablename as "table", greatest(pg_class.reltuples, 0)::float8 as rows, (
        select json_object_agg(common.word, common.share)
        from unnest(most_common_elems::text::text[], most_common_elem_freqs) as common(word, share)
        where common.word is not null
      ) as shares
    from pg_stats join pg_class on pg_class.oid = to_regclass(format('%I.%I', schemaname, tablename))
    where schemaname = current_schema() and tablename in ('movie_titles', 'movie_other_titles') and attname = 'words'
      and most_common_elems is not null`,
);

/** As PostgreSQL's statistics have it, a minute ago at most. */
export const readCommonWords = keepForAMinute(async (pool): Promise<CommonWords> => {
  const rows = await queryStore(pool, commonStatement());
  return Object.fromEntries(
    rows.map(({ table, rows, shares }) => [table, { rows, shares: new Map(Object.entries(shares)) }]),
  );
});
