import type { Database } from '#shared/orm/database.ts';
import { threadCpuMs } from '../process-figures.ts';
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
    const read = async () => {
      const { rows } = await client.query<{ wal: number; pids: number[] }>(
        `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal, array_agg(pid) as pids
         from pg_stat_activity
         where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      const [{ wal, pids } = { wal: 0, pids: [] }] = rows;
      const backends = await Promise.all((pids ?? []).map(threadCpuMs));
      return { wal, cpuMs: backends.reduce((sum, ms) => sum + ms, ownCpuMs()) };
    };
    const before = await read();
    const startedAt = performance.now();
    await write();
    const ms = performance.now() - startedAt;
    const after = await read();
    return { ms, cpuMs: after.cpuMs - before.cpuMs, walBytes: after.wal - before.wal };
  });
}

export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
