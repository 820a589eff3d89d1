import type { Pool } from 'pg';
import type { Localization } from '../localization/localize-items.ts';
import { createInteractionService, type InteractionService } from './interactions/service.ts';
import { createDiscovery, type DiscoveryDeps } from './preferences/discovery.ts';
import { createPreferenceService, type PreferenceService } from './preferences/service.ts';
import type { NamedMovies } from './writing/named-movies.ts';
import type { NamerThrottle } from './writing/namer-throttles.ts';
import type { UserTransaction } from './writing/user-transaction.ts';

export interface UserServices {
  interactions: InteractionService;
  preferences: PreferenceService;
}

interface UserServicesDeps extends DiscoveryDeps {
  pool: Pool;
  transaction: UserTransaction;
  movies: NamedMovies;
  bulkThrottle: NamerThrottle;
  localization: Localization;
  now: () => number;
}

/** What users say about movies. Both services share the lock on the user and the limit for new movies. */
export function createUserServices({
  pool,
  transaction,
  movies,
  bulkThrottle,
  localization,
  queues,
  log,
  now,
}: UserServicesDeps): UserServices {
  return {
    interactions: createInteractionService({ pool, transaction, movies, bulkThrottle, localization, now }),
    preferences: createPreferenceService({
      pool,
      transaction,
      movies,
      localization,
      discover: createDiscovery({ queues, log }),
    }),
  };
}
