import type { Pool } from 'pg';
import { empty, type Fragment, sql } from '#shared/db/sql.ts';
import type { AskedWords } from '../search/asked-words.ts';
import { exactQuery, type MatchOptions, matchQuery } from '../search/match-query.ts';
import { selectOne } from '../store/select-one.ts';
import { areShownTo, asFew, filterMovies, type MovieFilters } from './movie-filters.ts';
import { idsWithAny } from './term-lookup.ts';
import type { KnownPassing } from './title-looks.ts';

/** Where few pass, a wrong estimate may be of more. */
const mostPassing = 10_000;

/** What is known of the movies that pass the filters, before any is looked for. */
export interface SearchPassing extends Omit<KnownPassing, 'candidates'> {
  /** Whether few pass: then each of them is looked at, once. Of noted ones, all ids are there. */
  fewPass?: boolean;
}

/** The widest that any look of a search looks for. */
interface Widest {
  words: readonly AskedWords[];
  own: MatchOptions;
  others: MatchOptions;
}

/**
 * Of few movies that pass, those that any look of a search may find, by our ids: their titles are read once, and each
 * look goes on with these.
 */
export async function readCandidates(
  pool: Pool,
  filters: MovieFilters,
  passing: SearchPassing,
  { words, own, others }: Widest,
): Promise<string[]> {
  const queryOf = (options: MatchOptions) =>
    words.flatMap((each) => [matchQuery(each, options), exactQuery(each)]).join(' | ');
  const { ids } = await selectOne(
    pool,
    sql<{ ids: string[] }>`
      ${passed(filters, passing)}
      select array(
        select movie_id from passed
        where exists (select from movie_titles t where t.movie_id = passed.movie_id and t.words @@ (select ${queryOf(own)}::tsquery) offset 0)
          or exists (select from movie_other_titles t where t.movie_id = passed.movie_id and t.words @@ (select ${queryOf(others)}::tsquery) offset 0)
      ) as ids`,
  );
  return ids;
}

function passed(filters: MovieFilters, { noted, long }: SearchPassing): Fragment {
  if (noted !== undefined)
    return sql`with passed as materialized (
        select m.id as movie_id from unnest(${noted.ids}::int[]) as asked(tmdb_id)
        cross join lateral (select m.id from movies m where m.tmdb_id = asked.tmdb_id and ${areShownTo(filters.audience)} offset 0) m
      )`;
  const foundLong = long && 'have_long';
  return sql`with ${long === undefined ? empty : sql`have_long as materialized (${idsWithAny(long)}), `}passed as materialized (
        select m.id as movie_id from movies m where ${filterMovies(filters, { ...asFew, foundLong })} limit ${mostPassing}
      )`;
}
