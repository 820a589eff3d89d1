import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { clampFutureStatement } from '#shared/users/clamp-future-statement.ts';
import { saveInteractionsStatement } from '#shared/users/save-interactions-statement.ts';
import { saveRatingsStatement } from '#shared/users/save-ratings-statement.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';
import { cursorPageMeta } from '../../http/answers/page-meta.ts';
import type { Locale } from '../../http/input/asked-locale.ts';
import { positionOf, writeCursor } from '../../http/input/cursor.ts';
import type { ListItems, Localization } from '../../localization/localize-items.ts';
import type { MovieListItem } from '../../movies/model.ts';
import { selectOne } from '../../store/select-one.ts';
import { presentFlags } from '../../viewer/flags.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { NamerThrottle, SavingNamer } from '../writing/namer-throttles.ts';
import { refuseTooManyInteractions } from '../writing/refuse-too-many-interactions.ts';
import type { Owner, UserTransaction } from '../writing/user-transaction.ts';
import type { Interaction, InteractionsMeta, InteractionsQuery, Said } from './model.ts';
import {
  InteractionKey,
  pageAfterStatement,
  pageStatement,
  type StoredInteraction,
} from './page-statement.ts';

export interface SavedCounts {
  added: number;
  unchanged: number;
}

export interface InteractionPage {
  total: number;
  items: Interaction[];
}

export interface InteractionService {
  /** All or none. @throws {NexusError} `too_many_requests`, `unauthenticated`, `invalid_input` for an account that is full */
  save(namer: SavingNamer, said: Said[]): Promise<SavedCounts>;
  page(
    userId: string,
    query: InteractionsQuery,
    locale: Locale,
  ): Promise<{ items: Interaction[]; meta: InteractionsMeta }>;
  /** @throws {NexusError} `unauthenticated` */
  remove(owner: Owner, tmdbId: number, type: InteractionType): Promise<void>;
}

interface InteractionDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  bulkThrottle: NamerThrottle;
  localization: Localization;
  now: () => number;
}

/** A rating goes with what it came along with. */
const removeStatement = prepared<{ userId: string; tmdbId: number; type: InteractionType }>(
  'api-remove-interaction',
  ({ userId, tmdbId, type }) => sql`
    with unrated as (
      delete from user_movie_ratings r using movies m
      where m.tmdb_id = ${tmdbId} and r.user_id = ${userId} and r.movie_id = m.id and ${type}::text = 'watched'
    )
    delete from user_movie_interactions i using movies m
    where m.tmdb_id = ${tmdbId} and i.user_id = ${userId} and i.movie_id = m.id and i.interaction_type = ${type}`,
);

export function createInteractionService(deps: InteractionDeps): InteractionService {
  const { pool, transaction, movies, bulkThrottle, localization, now } = deps;
  return {
    async save(namer, said) {
      const { userId } = namer;
      if (said.length > 1) await bulkThrottle(namer, said.length);
      const ids = [...new Set(said.map((one) => one.tmdb_id))];
      const rows = JSON.stringify(rowsOf(said, now()));
      const ratings = ratingsOf(said, now());
      await movies.admit(namer, ids);
      const added = await transaction(namer, async (query) => {
        await movies.place(query, ids);
        await query(clampFutureStatement({ userId }));
        // Before what they came along with: of a new interaction the rating is no second change.
        const [rated] =
          ratings === undefined ? [] : await query(saveRatingsStatement({ userId, rows: ratings }));
        const [saved] = await query(saveInteractionsStatement({ userId, rows }));
        refuseTooManyInteractions(saved?.held ?? 0, said.length > 1 ? 'items' : 'tmdb_id');
        return (saved?.added ?? 0) + (rated?.changed ?? 0);
      });
      movies.want(ids);
      return { added, unchanged: said.length - added };
    },
    async page(userId, query, locale) {
      const { type = null, limit } = query;
      const list = { list: ['interactions', userId, type], key: InteractionKey };
      const { before, after } = positionOf(query, list);
      const asked = { userId, type, limit };
      const { items, total, next_key } = await selectOne(
        pool,
        after === undefined
          ? pageStatement({ ...asked, offset: before })
          : pageAfterStatement({ ...asked, at: after[0], movieId: after[1], ofType: after[2] }),
      );
      const next = next_key === null ? undefined : writeCursor(before + limit, next_key, list);
      const movies = await localization.listItems<MovieListItem>(
        locale,
        items.flatMap(({ tmdb_id, shown }) => (shown ? [tmdb_id] : [])),
      );
      return {
        items: items.map((stored) => presentInteraction(stored, { ...movies, localization })),
        meta: {
          ...cursorPageMeta({ before, limit }, { total, next }),
          language: { asked: locale.language },
        },
      };
    },
    remove: (owner, tmdbId, type) =>
      transaction(owner, async (query) => {
        await query(removeStatement({ userId: owner.userId, tmdbId, type }));
      }),
  };
}

/** A time slightly in the future counts as now. Otherwise the next item, without a time, would be older. */
function rowsOf(said: Said[], nowMs: number) {
  return said.map(({ tmdb_id, type, at }, turn) => {
    const atMs = at === undefined ? nowMs : Math.min(Date.parse(at), nowMs);
    return { tmdb_id, type, at: new Date(atMs).toISOString(), is_now: atMs === nowMs, turn };
  });
}

/** The last word on each movie that was rated, as JSON; `undefined` where none was. */
function ratingsOf(said: Said[], nowMs: number): string | undefined {
  const rows = rowsOf(said, nowMs).map((row, place) => ({ ...row, rating: said[place]?.rating }));
  const rated = rows.filter((row) => row.rating !== undefined);
  const last = new Map<number, (typeof rated)[number]>();
  for (const row of rated) if ((last.get(row.tmdb_id)?.at ?? '') <= row.at) last.set(row.tmdb_id, row);
  const ratings = [...last.values()].map(({ tmdb_id, rating = null }) => ({ tmdb_id, rating }));
  return ratings.length === 0 ? undefined : JSON.stringify(ratings);
}

function presentInteraction(
  { rating, absent, shown, flags, ...said }: StoredInteraction,
  { items, names, localization }: ListItems<MovieListItem> & { localization: Pick<Localization, 'item'> },
): Interaction {
  const item = shown ? items.get(said.tmdb_id) : undefined;
  const viewer = presentFlags(flags);
  return {
    ...said,
    ...(rating === null ? {} : { rating }),
    ...(absent ? { absent } : {}),
    movie: item === undefined ? null : localization.item({ ...item, viewer }, names),
  };
}
