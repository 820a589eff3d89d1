import type { Database } from '#shared/orm/database.ts';
import { connectionTimes, spentSince } from '../process-figures.ts';
import { withClient } from './copy.ts';

export interface Written {
  ms: number;
  /** Processor time of this process and of PostgreSQL for it. */
  cpuMs: number;
  /** Of the write-ahead log. */
  walBytes: number;
}

/** What it takes to write something. Asked on a connection of its own: that of the one who writes is counted, too. */
export function measureWriting(database: Database, write: () => Promise<unknown>): Promise<Written> {
  return withClient(database.clientConfig, async (client) => {
    const readWal = async () => {
      const { rows } = await client.query<{ wal: number }>(
        "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal",
      );
      return rows[0]?.wal ?? 0;
    };
    const before = { wal: await readWal(), times: await connectionTimes(client), ownMs: ownCpuMs() };
    const startedAt = performance.now();
    await write();
    const ms = performance.now() - startedAt;
    const cpuMs = ownCpuMs() - before.ownMs + spentSince(before.times, await connectionTimes(client));
    return { ms, cpuMs, walBytes: (await readWal()) - before.wal };
  });
}

export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
