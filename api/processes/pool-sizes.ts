import { availableParallelism } from 'node:os';
import type { Pool } from 'pg';
import { ConfigError } from '#shared/config.ts';
import { poolMax } from '#shared/orm/database.ts';
import { queuePoolMax } from '#shared/queues/queue.ts';
import type { PoolSizes } from './messages.ts';

/** A worker with its pools and locks, the process that watches, a migration, an operator's command. */
const othersConnections = 40;
/** One that listens, one for a moment now and then. */
const besidePools = 2;
/** Fewer and requests would wait for each other. */
const least: PoolSizes = { reads: 4, queue: 2 };
const leastConnections = least.reads + least.queue + besidePools;

interface ProcessPlan {
  count: number;
  pools: PoolSizes;
}

/** How many API processes there shall be, if nobody has said so. */
const usualCount = (): number => Math.max(1, availableParallelism() - 1);

/**
 * How many API processes there are, and how they share what PostgreSQL can take. While they are restarted there is one more.
 * @param asked `undefined`: as many as there are processors, less one, but no more than there are connections for
 * @throws {ConfigError} where there are too few connections for what was asked
 */
export async function planProcesses(asked: number | undefined, pool: Pool): Promise<ProcessPlan> {
  const wanted = asked ?? usualCount();
  if (wanted === 1) return { count: 1, pools: { reads: poolMax, queue: queuePoolMax } };
  const { rows } = await pool.query<{ most: number; kept: number }>(
    `select current_setting('max_connections')::int as most,
      current_setting('superuser_reserved_connections')::int as kept`,
  );
  const [{ most, kept } = { most: 0, kept: 0 }] = rows;
  const plan = sharePools(wanted, most - kept);
  if (plan.count < wanted && asked !== undefined)
    throw new ConfigError(
      `API_PROCESSES=${asked} needs ${(asked + 1) * leastConnections + othersConnections} connections, and PostgreSQL has ${most - kept} (max_connections): set it to at most ${plan.count}, or raise max_connections.`,
    );
  return plan;
}

/** @param connections all that PostgreSQL takes */
export function sharePools(wanted: number, connections: number): ProcessPlan {
  const free = connections - othersConnections;
  const count = Math.max(1, Math.min(wanted, Math.floor(free / leastConnections) - 1));
  const each = Math.floor(free / (count + 1)) - besidePools;
  const queue = Math.min(queuePoolMax, Math.max(least.queue, Math.floor(each / 4)));
  return { count, pools: { queue, reads: Math.min(poolMax, Math.max(least.reads, each - queue)) } };
}
