import type { Pool } from 'pg';
import type { Limit } from '../http/throttles/limit.ts';
import type { Wants } from '../movies/wants.ts';
import { createInteractionService, type InteractionService } from './interactions/service.ts';
import { createDiscovery, type DiscoveryDeps } from './preferences/discovery.ts';
import { createPreferenceService, type PreferenceService } from './preferences/service.ts';
import { createNamedMovies } from './writing/named-movies.ts';
import { createPlaceholderThrottle } from './writing/placeholder-throttle.ts';
import type { UserTransaction } from './writing/user-transaction.ts';

export interface UserServices {
  interactions: InteractionService;
  preferences: PreferenceService;
}

interface UserServicesDeps extends Wants, DiscoveryDeps {
  pool: Pool;
  transaction: UserTransaction;
  /** `undefined`: none */
  placeholders: Limit | undefined;
  now: () => number;
}

/** What users say about movies. Both services share the lock on the user and the limit for new movies. */
export function createUserServices({
  pool,
  transaction,
  placeholders,
  want,
  queues,
  log,
  now,
}: UserServicesDeps): UserServices {
  const movies = createNamedMovies({ pool, throttle: createPlaceholderThrottle(placeholders), want });
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
