import { readdirSync, readFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** By this its connections are told from those of who writes. */
export const servingName = 'bench-serving';

/** Who uses less than `idleMs` in `stepMs` does nothing for anybody. */
const idleMs = 0.2;
const stepMs = 2;
const mostMs = 60;

export interface ServingMeter {
  /** Looks which processes there are. */
  look(): Promise<void>;
  /** Waits until what earlier requests set off is done, but no longer than `mostMs`. */
  settle(): Promise<void>;
  /** What they have used, in milliseconds: read at once, so that what goes on after an answer is not counted. */
  read(): number;
}

/** Processor time of an api and of PostgreSQL's processes that serve it. */
export function createServingMeter(apiPid: number, pool: Pool): ServingMeter {
  let tasks: string[] = [];
  const read = () => tasks.reduce((sum, task) => sum + usedMs(task), 0);
  return {
    async look() {
      const { rows } = await pool.query<{ pid: number }>(
        'select pid from pg_stat_activity where application_name = $1',
        [servingName],
      );
      tasks = [apiPid, ...rows.map(({ pid }) => pid)].flatMap(tasksOf);
    },
    async settle() {
      const untilMs = performance.now() + mostMs;
      for (let before = read(); performance.now() < untilMs; ) {
        await Bun.sleep(stepMs);
        const after = read();
        if (after - before < idleMs) return;
        before = after;
      }
    },
    read,
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
