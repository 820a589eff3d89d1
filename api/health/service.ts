import type { Pool } from 'pg';
import type { z } from 'zod';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { within } from '#shared/within.ts';
import { shareReading } from '../http/answers/share-reading.ts';
import type { Readiness } from './model.ts';

/** A health check must answer quickly. */
const pingTimeoutMs = 1000;

export interface HealthService {
  readiness(): Promise<z.infer<typeof Readiness>>;
}

/** Whether our own stores answer. TMDb is not asked. */
export function createHealthService(deps: {
  pool: Pool;
  queues: Pick<Queues, 'ping'>;
  log: Log;
}): HealthService {
  const { pool, queues, log } = deps;
  const stateOf = async (name: string, ping: () => Promise<unknown>) => {
    try {
      await within(pingTimeoutMs, ping());
      return 'up' as const;
    } catch (error) {
      log.warn({ err: error, store: name }, 'not ready');
      return 'down' as const;
    }
  };
  return {
    readiness: shareReading(async () => {
      const [postgres, queue] = await Promise.all([
        stateOf('postgres', () => runStatement(pool, sql`select 1`, { timeoutMs: pingTimeoutMs })),
        stateOf('queue', () => queues.ping()),
      ]);
      return { postgres, queue };
    }),
  };
}
