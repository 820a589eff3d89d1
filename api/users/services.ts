import type { Pool } from 'pg';
import { createInteractionService, type InteractionService } from './interactions/service.ts';
import { createDiscovery, type DiscoveryDeps } from './preferences/discovery.ts';
import { createPreferenceService, type PreferenceService } from './preferences/service.ts';
import type { NamedMovies } from './writing/named-movies.ts';
import type { UserTransaction } from './writing/user-transaction.ts';

export interface UserServices {
  interactions: InteractionService;
  preferences: PreferenceService;
}

interface UserServicesDeps extends DiscoveryDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  now: () => number;
}

/** What users say about movies. Both services share the lock on the user and the limit for new movies. */
export function createUserServices({
  pool,
  transaction,
  movies,
  queues,
  log,
  now,
}: UserServicesDeps): UserServices {
  return {
    interactions: createInteractionService({ pool, transaction, movies, now }),
    preferences: createPreferenceService({
      pool,
      transaction,
      movies,
      discover: createDiscovery({ queues, log }),
    }),
  };
}
