import type { Pool } from 'pg';
import { prepared, sql, unknownList } from '#shared/db/sql.ts';
import { holdPlaceholdersStatement, placeholderStatement } from '#shared/movies/placeholder-statement.ts';
import type { Wants } from '../../movies/wants.ts';
import type { Query } from '../../store/in-transaction.ts';
import { queryStore } from '../../store/query-store.ts';
import type { Namer, NamerThrottle } from './namer-throttles.ts';

/** Movies that a user names, whether or not the mirror knows them. */
export interface NamedMovies {
  /** Before anything is written. @throws {NexusError} `too_many_requests` */
  admit(namer: Namer, tmdbIds: number[]): Promise<void>;
  /** Gives each of them a row to point at. Inside the transaction. */
  place(query: Query, tmdbIds: number[]): Promise<void>;
  /** Once it is committed: what the mirror lacks is fetched, without anybody waiting. */
  want(tmdbIds: number[]): void;
}

const countStatement = prepared<{ tmdbIds: number[] }, { unnamed: number }>(
  'api-count-unnamed-movies',
  ({ tmdbIds }) => sql`
    select count(distinct asked.tmdb_id)::int as unnamed from unnest(${unknownList(tmdbIds, 'int')}) as asked(tmdb_id)
    where not exists (select 1 from movies m where m.tmdb_id = asked.tmdb_id)`,
);

interface NamedMoviesDeps extends Wants {
  pool: Pool;
  throttle: NamerThrottle;
}

export function createNamedMovies({ pool, throttle, want }: NamedMoviesDeps): NamedMovies {
  return {
    async admit(namer, tmdbIds) {
      if (tmdbIds.length === 0) return;
      const [row] = await queryStore(pool, countStatement({ tmdbIds }));
      await throttle(namer, row?.unnamed ?? 0);
    },
    async place(query, tmdbIds) {
      await query(holdPlaceholdersStatement({ tmdbIds }));
      await query(placeholderStatement({ tmdbIds }));
    },
    want,
  };
}
