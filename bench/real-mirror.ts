import { type BenchContext, type BenchReport, type BenchRow, mustEqual } from './bench.ts';
import type { MirrorCounts } from './real/count-files.ts';
import { mirrorReal, type RealMirror } from './real/mirror-real.ts';

/** The real records mirrored whole, and once more: counts held against those computed straight from the files. */
export async function benchRealMirror({
  smoke,
  postgres,
  realData,
  say,
}: BenchContext): Promise<BenchReport> {
  if (realData === undefined) {
    say('NO REAL RECORDS HERE (NEXUS_REAL_DATA): SKIPPED');
    return { rows: [], data: 'none: there are no real records here' };
  }
  const every = smoke ? 100 : 1;
  await using database = await postgres.database();
  const mirror = await mirrorReal({ database, realData, every });
  checkMirror(mirror);
  const part = every === 1 ? 'all' : `every ${every}th`;
  return {
    rows: rowsOf(mirror),
    data: `${part} of the real records of NEXUS_REAL_DATA, ${mirror.expected.movies} movies`,
  };
}

/** @throws {Error} naming the first count that is wrong */
function checkMirror({ expected, mirrored, mirroredAgain, secondRun, unchanged }: RealMirror): void {
  for (const name of Object.keys(expected) as (keyof MirrorCounts)[]) {
    mustEqual(`${name} after the first run`, mirrored[name], expected[name]);
    mustEqual(`${name} after the second run`, mirroredAgain[name], expected[name]);
  }
  mustEqual('movies the second run saw', secondRun.seen, expected.movies);
  mustEqual('movies the second run found unchanged', secondRun.unchanged, expected.movies);
  if (!unchanged) throw new Error('the second run changed rows');
}

function rowsOf(mirror: RealMirror): BenchRow[] {
  const { expected, mirrored, secondRun } = mirror;
  const counts = (Object.keys(expected) as (keyof MirrorCounts)[]).map((name) => ({
    what: `${name} in PostgreSQL`,
    measured: mirrored[name],
    unit: 'rows',
    limit: expected[name],
    limitIs: 'in the files',
    target: 'equal',
    met: mirrored[name] === expected[name],
  }));
  const rate = (ms: number) => ({ measured: (expected.movies * 1000) / ms, unit: 'movies/s' });
  const took = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    ...counts,
    {
      what: 'second run: unchanged',
      measured: secondRun.unchanged,
      unit: 'movies',
      limit: expected.movies,
      limitIs: 'all',
      target: 'equal',
      met: secondRun.unchanged === expected.movies,
    },
    { what: 'first run, from the start of the worker', ...rate(mirror.firstMs), note: took(mirror.firstMs) },
    { what: 'first run, details alone', ...rate(mirror.firstDetailsMs), note: took(mirror.firstDetailsMs) },
    { what: 'second run', ...rate(mirror.secondMs), note: took(mirror.secondMs) },
    { what: 'worker, most memory', measured: mirror.workerMib, unit: 'MiB' },
    { what: 'sandbox, most memory', measured: mirror.sandboxMib, unit: 'MiB' },
  ];
}
