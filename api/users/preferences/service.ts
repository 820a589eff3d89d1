import type { Pool } from 'pg';
import { type ErrorDetail, NexusError } from '#shared/errors.ts';
import type { Locale } from '../../http/input/asked-locale.ts';
import type { Localization } from '../../localization/localize-items.ts';
import { queryStore } from '../../store/query-store.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { Namer } from '../writing/namer-throttles.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { Preferences, PreferencesBody } from './model.ts';
import {
  readStatement,
  type StoredPreferences,
  saveStatement,
  type UnknownPlaces,
  unknownStatement,
} from './statements.ts';

export interface PreferenceService {
  read(userId: string, locale: Locale): Promise<Preferences>;
  /** All or nothing. @throws {NexusError} `invalid_input`, `too_many_requests`, `unauthenticated` */
  save(namer: Namer, lists: PreferencesBody, locale: Locale): Promise<Preferences>;
}

interface PreferenceDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  localization: Localization;
  /** Has the mirror take in movies of the genres and actors a user has saved. Never waits and never fails. */
  discover: (userId: string) => void;
}

const nothing: StoredPreferences = { genres: [], actors: [], movies: [] };

export function createPreferenceService(deps: PreferenceDeps): PreferenceService {
  const { pool, transaction, movies, localization, discover } = deps;

  const present = async (rows: StoredPreferences[], locale: Locale): Promise<Preferences> => {
    const [row = nothing] = rows;
    const [items, names] = await Promise.all([
      localization.items(row.movies, locale),
      localization.genreNames(locale.language),
    ]);
    return {
      genres: row.genres.map(({ id, name }) => ({ id, name: names.get(id) ?? name })),
      actors: row.actors,
      // A placeholder's title is empty, which is none.
      movies: items.map((movie) => (movie.title === '' ? { ...movie, title: null } : movie)),
    };
  };

  return {
    read: async (userId, locale) => present(await queryStore(pool, readStatement({ userId })), locale),
    async save(namer, { genres, actors, movies: movieIds }, locale) {
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
        return query(readStatement({ userId }));
      });
      movies.want(named);
      if ([...(lists.genres ?? []), ...(lists.actors ?? [])].length > 0) discover(userId);
      return present(saved, locale);
    },
  };
}

const once = (ids: number[] | undefined) => (ids === undefined ? null : [...new Set(ids)]);

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
