import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { saveInteractionsStatement } from '#shared/users/save-interactions-statement.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';
import type { CursorPageMeta } from '../../http/answers/model.ts';
import { cursorPageMeta } from '../../http/answers/page-meta.ts';
import { positionOf, writeCursor } from '../../http/input/cursor.ts';
import { selectOne } from '../../store/select-one.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { Interaction, InteractionsQuery, Said } from './model.ts';
import { InteractionKey, pageAfterStatement, pageStatement } from './page-statement.ts';

export interface SavedCounts {
  added: number;
  unchanged: number;
}

export interface InteractionService {
  /** All or none. @throws {NexusError} `too_many_requests`, `unauthenticated` */
  save(userId: string, said: Said[]): Promise<SavedCounts>;
  page(userId: string, query: InteractionsQuery): Promise<{ items: Interaction[]; meta: CursorPageMeta }>;
  /** @throws {NexusError} `unauthenticated` */
  remove(userId: string, tmdbId: number, type: InteractionType): Promise<void>;
}

interface InteractionDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  now: () => number;
}

const removeStatement = prepared<{ userId: string; tmdbId: number; type: InteractionType }>(
  'api-remove-interaction',
  ({ userId, tmdbId, type }) => sql`
    delete from user_movie_interactions i using movies m
    where m.tmdb_id = ${tmdbId} and i.user_id = ${userId} and i.movie_id = m.id and i.interaction_type = ${type}`,
);

export function createInteractionService(deps: InteractionDeps): InteractionService {
  const { pool, transaction, movies, now } = deps;
  return {
    async save(userId, said) {
      const ids = [...new Set(said.map((one) => one.tmdb_id))];
      const rows = JSON.stringify(rowsOf(said, now()));
      await movies.admit(userId, ids);
      const added = await transaction(userId, async (query) => {
        await movies.place(query, ids);
        const [saved] = await query(saveInteractionsStatement({ userId, rows }));
        return saved?.added ?? 0;
      });
      movies.want(ids);
      return { added, unchanged: said.length - added };
    },
    async page(userId, query) {
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
      return { items, meta: cursorPageMeta({ before, limit }, { total, next }) };
    },
    remove: (userId, tmdbId, type) =>
      transaction(userId, async (query) => void (await query(removeStatement({ userId, tmdbId, type })))),
  };
}

/** A time slightly in the future counts as now. Otherwise the next item, without a time, would be older. */
function rowsOf(said: Said[], nowMs: number) {
  return said.map(({ tmdb_id, type, at }, turn) => ({
    tmdb_id,
    type,
    at: new Date(at === undefined ? nowMs : Math.min(Date.parse(at), nowMs)).toISOString(),
    turn,
  }));
}
