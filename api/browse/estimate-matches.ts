import type { Pool } from 'pg';
import { type Fragment, prepared, type Statement, sql } from '#shared/db/sql.ts';
import { genreMask } from '#shared/movies/genre-bits.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import { filterMovies, type MovieFilters } from './movie-filters.ts';

/** What share of the movies has each genre, as of the last ANALYZE: all genres that any movie can have. */
export type GenreShares = ReadonlyMap<number, number>;

/** A genre that the statistics do not name. */
const rareShare = 0.001;

const sharesStatement = prepared<void, { id: number; share: number }>(
  'api-genre-shares',
  () => sql`
    select genres.id, coalesce(stored.share * (select reltuples from pg_class where oid = 'movie_genres'::regclass)
      / (select greatest(reltuples, 1) from pg_class where oid = 'movies'::regclass), ${rareShare})::float8 as share
    from genres left join (
      select genre.id, genre.share
      from pg_stats, unnest(most_common_vals::text::int[], most_common_freqs) as genre(id, share)
      where schemaname = current_schema() and tablename = 'movie_genres' and attname = 'genre_id'
    ) stored on stored.id = genres.id`,
);

const rowsStatement = prepared<void, { rows: number }>(
  'api-movie-rows',
  () => sql`select greatest(reltuples, 1)::float8 as rows from pg_class where oid = 'movies'::regclass`,
);

/** About how many movies there are, as of a minute ago at most. */
export const watchMovieRows = () =>
  keepForAMinute(async (pool) => (await selectOne(pool, rowsStatement())).rows);

/** The shares as of a minute ago at most. */
export const watchGenreShares = () =>
  keepForAMinute(async (pool): Promise<GenreShares> => {
    const rows = await queryStore(pool, sharesStatement());
    return new Map(rows.map(({ id, share }) => [id, share]));
  });

export interface Estimate {
  matches: number;
  /** What looking at all of them costs, in the planner's units: 250 are about a millisecond. */
  cost: number;
}

/** About how many movies pass, by PostgreSQL's statistics: without looking at any. */
export async function estimateMatches(
  pool: Pool,
  filters: MovieFilters,
  shares: GenreShares,
): Promise<Estimate> {
  const { rows, cost } = await readPlan(pool, filterMovies(filters, { isEstimate: true }));
  return { matches: rows * shareWith(filters.genres, shares), cost };
}

/** @param passing a condition on `movies m` */
export async function readPlan(pool: Pool, passing: Fragment): Promise<{ rows: number; cost: number }> {
  const { 'QUERY PLAN': plans } = await selectOne(pool, planStatement(passing));
  const { 'Plan Rows': rows, 'Total Cost': cost } = plans[0].Plan;
  return { rows, cost };
}

function shareWith(genres: MovieFilters['genres'], shares: GenreShares): number {
  if (genres === undefined) return 1;
  const each = genres.values.map((genre) => shareOf(shares, genre));
  return genres.any
    ? Math.min(
        1,
        each.reduce((sum, share) => sum + share, 0),
      )
    : each.reduce((product, share) => product * share, 1);
}

const shareOf = (shares: GenreShares, genre: number): number => shares.get(genre) ?? rareShare;

/** Each of them costs more to look up, and three leave hardly any movie. */
const mostLookedUp = 3;
/** Rows of more movies than this share cost more to read than a whole index. */
const mostShare = 0.05;

/** The rarest of some genres, where few movies have all of them; else none. */
export function rareTogetherOf(genres: readonly number[], shares: GenreShares): number[] {
  const rarest = [...genres]
    .sort((one, other) => shareOf(shares, one) - shareOf(shares, other))
    .slice(0, mostLookedUp);
  const share = rarest.reduce((product, genre) => product * shareOf(shares, genre), 1);
  return share <= mostShare ? rarest : [];
}

/** Those whose bit another genre has, too. */
export const ambiguousOf = (genres: readonly number[], shares: GenreShares): number[] =>
  genres.filter((id) =>
    [...shares.keys()].some((other) => other !== id && genreMask([other]) === genreMask([id])),
  );

const planStatement = (
  passing: Fragment,
): Statement<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number; 'Total Cost': number } }] }> =>
  sql`explain (format json) select 1 from movies m where ${passing}`;
