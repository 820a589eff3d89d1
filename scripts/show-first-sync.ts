import type pg from 'pg';
import { lastOfFirstSync } from '#shared/jobs/catalog.ts';

interface Showing {
  pool: pg.Pool;
  say: (line: string) => void;
  signal: AbortSignal;
}

interface Run {
  id: string;
  job: string;
  status: string;
  seen: number;
  created: number;
  failed: number;
  progress: number;
  error: string | null;
}

const pollMs = 700;

/**
 * Shows each run of a first sync as it goes, a line whenever something moved, until the last of its jobs is through. A mirror
 * that was filled before has no first sync, and nothing is shown.
 */
export async function showFirstSync({ pool, say, signal }: Showing): Promise<void> {
  if (
    (await runsOf(pool).catch(() => [])).some(
      (run) => run.job === lastOfFirstSync && run.status === 'succeeded' && run.seen > 0,
    )
  )
    return;
  const shown = new Map<string, string>();
  while (!signal.aborted) {
    const runs = await runsOf(pool).catch(() => []);
    for (const run of runs.filter((one) => one.seen > 0 || one.status === 'failed')) {
      const line = lineOf(run);
      if (shown.get(run.id) !== line) say(line);
      shown.set(run.id, line);
    }
    if (runs.some((run) => run.job === lastOfFirstSync && run.status === 'succeeded' && run.seen > 0)) {
      say('The first sync is done. From now on everything is kept fresh automatically.');
      return;
    }
    await Bun.sleep(pollMs);
  }
}

async function runsOf(pool: pg.Pool): Promise<Run[]> {
  const { rows } = await pool.query<Run>(
    'select id, job, status, seen, created, failed, progress, error from sync_runs order by queued_at, id limit 50',
  );
  return rows;
}

function lineOf({ job, status, seen, created, failed, progress, error }: Run): string {
  const percent = `${Math.floor(progress * 100)} %`.padStart(5);
  const failures = failed > 0 ? `, ${failed} failed` : '';
  const what = status === 'failed' ? `failed: ${error}` : `${seen} seen, ${created} new${failures}`;
  return `  sync ${job.padEnd(9)} ${percent}  ${status === 'queued' ? 'waiting, ' : ''}${what}`;
}
