import type { Pool } from 'pg';
import { type ErrorDetail, NexusError } from '#shared/errors.ts';
import { queryStore } from '../../store/query-store.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { Namer } from '../writing/placeholder-throttle.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { Preferences, PreferencesBody } from './model.ts';
import { readStatement, saveStatement, type UnknownPlaces, unknownStatement } from './statements.ts';

export interface PreferenceService {
  read(userId: string): Promise<Preferences>;
  /** All or nothing. @throws {NexusError} `invalid_input`, `too_many_requests`, `unauthenticated` */
  save(namer: Namer, lists: PreferencesBody): Promise<Preferences>;
}

interface PreferenceDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  /** Has the mirror take in movies of the genres and actors a user has saved. Never waits and never fails. */
  discover: (userId: string) => void;
}

const nothing: Preferences = { genres: [], actors: [], movies: [] };

export function createPreferenceService(deps: PreferenceDeps): PreferenceService {
  const { pool, transaction, movies, discover } = deps;
  return {
    read: async (userId) => presented(await queryStore(pool, readStatement({ userId }))),
    async save(namer, { genres, actors, movies: movieIds }) {
      const { userId } = namer;
      const lists = { genres: once(genres), actors: once(actors), movies: once(movieIds) };
      const named = lists.movies ?? [];
      await movies.admit(namer, named);
      const saved = await transaction(userId, async (query) => {
        const [unknown] = await query(
          unknownStatement({ userId, genres: genres ?? [], actors: actors ?? [] }),
        );
        refuseUnknown(unknown, { genres, actors });
        await movies.place(query, named);
        await query(saveStatement({ userId, ...lists }));
        return presented(await query(readStatement({ userId })));
      });
      movies.want(named);
      if ([...(lists.genres ?? []), ...(lists.actors ?? [])].length > 0) discover(userId);
      return saved;
    },
  };
}

const once = (ids: number[] | undefined) => (ids === undefined ? null : [...new Set(ids)]);

/** A placeholder's title is empty, which is none. */
function presented([row = nothing]: Preferences[]): Preferences {
  return {
    genres: row.genres,
    actors: row.actors,
    movies: row.movies.map((movie) => (movie.title === '' ? { ...movie, title: null } : movie)),
  };
}

function refuseUnknown(
  unknown: UnknownPlaces | undefined,
  given: Pick<PreferencesBody, 'genres' | 'actors'>,
): void {
  const detailsOf = (list: 'genres' | 'actors', what: string): ErrorDetail[] =>
    (unknown?.[list] ?? []).map((place) => ({
      path: `${list}.${place}`,
      message: `no ${what} with the id ${given[list]?.[place]} is known`,
    }));
  const details = [...detailsOf('genres', 'genre'), ...detailsOf('actors', 'person')];
  if (details.length > 0)
    throw new NexusError('invalid_input', 'Some of the input is not valid.', { details });
}
