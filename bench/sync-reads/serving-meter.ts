import { readdir } from 'node:fs/promises';
import type { Pool } from 'pg';

/** By this its connections are told from those of who writes. */
export const servingName = 'bench-serving';

/** Processor time of an api and of PostgreSQL's processes that serve it, in milliseconds; it need not be asked. */
export function createServingMeter(apiPid: number, pool: Pool): () => Promise<number> {
  return async () => {
    const { rows } = await pool.query<{ pid: number }>(
      'select pid from pg_stat_activity where application_name = $1',
      [servingName],
    );
    const all = await Promise.all([apiPid, ...rows.map(({ pid }) => pid)].map(allThreadsMs));
    return all.reduce((sum, ms) => sum + ms, 0);
  };
}

/** To the nanosecond; 0 if there is no such process (any more). */
async function allThreadsMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const all = await Promise.all(
    threads.map((thread) =>
      Bun.file(`/proc/${pid}/task/${thread}/schedstat`)
        .text()
        .catch(() => '0'),
    ),
  );
  return all.reduce((sum, stat) => sum + Number(stat.split(' ')[0]) / 1e6, 0);
}
