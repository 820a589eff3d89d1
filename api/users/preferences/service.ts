import type { Pool } from 'pg';
import { type ErrorDetail, NexusError } from '#shared/errors.ts';
import type { Locale } from '../../http/input/asked-locale.ts';
import type { Localization } from '../../localization/localize-items.ts';
import { queryStore } from '../../store/query-store.ts';
import { presentFlags } from '../../viewer/flags.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { SavingNamer } from '../writing/namer-throttles.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { Preferences, PreferencesBody, PreferredMovie } from './model.ts';
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
  save(namer: SavingNamer, lists: PreferencesBody, locale: Locale): Promise<Preferences>;
}

interface PreferenceDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  localization: Localization;
  /** Has the mirror take in movies of the genres and actors a user has saved. Never waits and never fails. */
  discover: (userId: string) => void;
}

const nothing: StoredPreferences = { genres: [], actors: [], movies: [], flags: [] };

export function createPreferenceService(deps: PreferenceDeps): PreferenceService {
  const { pool, transaction, movies, localization, discover } = deps;

  const present = async (rows: StoredPreferences[], locale: Locale): Promise<Preferences> => {
    const [row = nothing] = rows;
    const [{ items, names }, genreNames] = await Promise.all([
      localization.listItems<PreferredMovie>(locale, row.movies),
      localization.genreNames(locale.language),
    ]);
    return {
      genres: row.genres.map(({ id, name }) => ({ id, name: genreNames.get(id) ?? name })),
      actors: row.actors,
      movies: row.movies.flatMap((id, place) => {
        const found = items.get(id);
        if (found === undefined) return [];
        found.viewer = presentFlags(row.flags[place] ?? 0);
        const movie = localization.item(found, names);
        // A placeholder's title is empty, which is none.
        if (movie.title === '') movie.title = null;
        return [movie];
      }),
    };
  };

  return {
    read: async (userId, locale) => present(await queryStore(pool, readStatement({ userId })), locale),
    async save(namer, { genres, actors, movies: movieIds }, locale) {
      const { userId } = namer;
      const lists = { genres: once(genres), actors: once(actors), movies: once(movieIds) };
      const named = lists.movies ?? [];
      await movies.admit(namer, named);
      const saved = await transaction(namer, async (query) => {
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
