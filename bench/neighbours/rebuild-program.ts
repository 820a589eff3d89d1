import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDatabase } from '#shared/orm/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { rebuildNeighbours } from '#worker/recommendations/rebuild-neighbours.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { speakWithParent } from '../child-program.ts';

export interface RebuildCosts {
  movies: number;
  seconds: number;
  readingSeconds: number;
  /** On the processor: other work on the machine does not count. Without PostgreSQL's. */
  cpuSeconds: number;
  longestWaitMs: number;
}

async function rebuild(): Promise<RebuildCosts> {
  await using database = await openDatabase({ url: process.env.DATABASE_URL ?? '' });
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  const counts = noCounts();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let readAt = startedAt;
  let told = 0;
  const progress = (done: number) => {
    if (done <= 0.3) readAt = performance.now();
    if (done < told + 0.05) return;
    told = done;
    const { rss } = process.memoryUsage();
    const at = Math.round((performance.now() - startedAt) / 1000);
    process.stderr.write(`  ${Math.round(done * 100)} % after ${at} s, ${Math.round(rss / 2 ** 20)} MiB\n`);
  };
  await rebuildNeighbours({ trigger: 'admin' }, jobContext(database, { counts, progress }));
  const { user, system } = process.cpuUsage(before);
  return {
    movies: counts.created,
    seconds: (performance.now() - startedAt) / 1000,
    readingSeconds: (readAt - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
    longestWaitMs: delays.max / 1e6,
  };
}

if (import.meta.main) speakWithParent('ready', rebuild);
