import { readdirSync, readFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** By this its connections are told from those of who writes. */
export const servingName = 'bench-serving';

export interface ServingMeter {
  /** Looks which processes there are. */
  look(): Promise<void>;
  /** What they have used, in milliseconds: read at once, so that what goes on after an answer is not counted. */
  read(): number;
}

/** Processor time of an api and of PostgreSQL's processes that serve it. */
export function createServingMeter(apiPid: number, pool: Pool): ServingMeter {
  let tasks: string[] = [];
  return {
    async look() {
      const { rows } = await pool.query<{ pid: number }>(
        'select pid from pg_stat_activity where application_name = $1',
        [servingName],
      );
      tasks = [apiPid, ...rows.map(({ pid }) => pid)].flatMap(tasksOf);
    },
    read: () => tasks.reduce((sum, task) => sum + usedMs(task), 0),
  };
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`);
  } catch {
    return [];
  }
}

/** To the nanosecond; 0 if there is no such thread (any more). */
function usedMs(task: string): number {
  try {
    return Number(readFileSync(task, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}
