import type { Database } from '#shared/orm/database.ts';
import { fillMirror, type RunCounts } from '../mirror/fill-mirror.ts';
import { peakMemoryMib } from '../process-figures.ts';
import { startSandboxChild } from '../sandbox-child.ts';
import { countFiles, type MirrorCounts } from './count-files.ts';
import { countMirror, mirrorFingerprint } from './count-mirror.ts';
import { partOfFiles } from './part-of-files.ts';

export interface RealMirror {
  /** Counted straight from the files. */
  expected: MirrorCounts;
  /** In PostgreSQL after the first run, and after the second. */
  mirrored: MirrorCounts;
  mirroredAgain: MirrorCounts;
  /** What the second run counted; it found every movie stale. */
  secondRun: RunCounts;
  /** Whether the second run left every row as it was, but for when it was fetched. */
  unchanged: boolean;
  firstMs: number;
  /** Of that, in `details`. */
  firstDetailsMs: number;
  secondMs: number;
  workerMib: number;
  sandboxMib: number;
}

/** Mirrors real records whole, by a worker process from a sandbox process, twice. @param every 10: a tenth of them */
export async function mirrorReal(options: {
  database: Database;
  realData: string;
  every?: number;
}): Promise<RealMirror> {
  const { database, realData, every = 1 } = options;
  await using stack = new AsyncDisposableStack();
  const { folder } = stack.use(await partOfFiles(realData, every));
  const expected = await countFiles(folder);
  const sandbox = stack.use(await startSandboxChild({ realData: folder }));
  const mirror = stack.use(await fillMirror({ database, sandbox }));
  const mirrored = await countMirror(database.pool);
  const before = await mirrorFingerprint(database.pool);
  await database.pool.query(
    "update movies set fetched_at = fetched_at - interval '8 days', refresh_due_at = now() - interval '1 hour'",
  );
  const second = await mirror.syncAgain();
  return {
    expected,
    mirrored,
    mirroredAgain: await countMirror(database.pool),
    secondRun: second.counts,
    unchanged: before === (await mirrorFingerprint(database.pool)),
    firstMs: mirror.filled.wholeMs,
    firstDetailsMs: mirror.filled.detailsMs,
    secondMs: second.ms,
    workerMib: await mirror.workerMib(),
    sandboxMib: await peakMemoryMib(sandbox.pid),
  };
}
