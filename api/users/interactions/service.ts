import type { Pool } from 'pg';
import { saveInteractionsStatement } from '#shared/users/save-interactions-statement.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';
import { queryStore, type Statement } from '../../store/query-store.ts';
import type { NamedMovies } from '../writing/named-movies.ts';
import type { UserTransaction } from '../writing/user-transaction.ts';
import type { Interaction, InteractionsQuery, Said } from './model.ts';
import { pageStatement } from './page-statement.ts';

export interface SavedCounts {
  added: number;
  unchanged: number;
}

export interface InteractionPage {
  total: number;
  items: Interaction[];
}

export interface InteractionService {
  /** All or none. @throws {NexusError} `too_many_requests`, `unauthenticated` */
  save(userId: string, said: Said[]): Promise<SavedCounts>;
  page(userId: string, query: InteractionsQuery): Promise<InteractionPage>;
  /** @throws {NexusError} `unauthenticated` */
  remove(userId: string, tmdbId: number, type: InteractionType): Promise<void>;
}

interface InteractionDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  now: () => number;
}

const saveStatement: Statement = { name: 'api-save-interactions', text: saveInteractionsStatement };
/** $1: user, $2: TMDb id, $3: type. */
const removeStatement: Statement = {
  name: 'api-remove-interaction',
  text: `
    delete from user_movie_interactions i using movies m
    where m.tmdb_id = $2 and i.user_id = $1 and i.movie_id = m.id and i.interaction_type = $3`,
};

export function createInteractionService(deps: InteractionDeps): InteractionService {
  const { pool, transaction, movies, now } = deps;
  return {
    async save(userId, said) {
      const ids = [...new Set(said.map((one) => one.tmdb_id))];
      const rows = JSON.stringify(rowsOf(said, now()));
      await movies.admit(userId, ids);
      const added = await transaction(userId, async (query) => {
        await movies.place(query, ids);
        const [saved] = await query<{ added: number }>(saveStatement, [userId, rows]);
        return saved?.added ?? 0;
      });
      movies.want(ids);
      return { added, unchanged: said.length - added };
    },
    async page(userId, { type, page, limit }) {
      const values = [userId, type ?? null, limit, (page - 1) * limit];
      const [row] = await queryStore<InteractionPage>(pool, pageStatement, values);
      return row ?? { total: 0, items: [] };
    },
    remove: (userId, tmdbId, type) =>
      transaction(userId, async (query) => void (await query(removeStatement, [userId, tmdbId, type]))),
  };
}

/** A caller whose clock is a little ahead means now: its next word, without a time, must not count as the older one. */
function rowsOf(said: Said[], nowMs: number) {
  return said.map(({ tmdb_id, type, at }, turn) => ({
    tmdb_id,
    type,
    at: new Date(at === undefined ? nowMs : Math.min(Date.parse(at), nowMs)).toISOString(),
    turn,
  }));
}
