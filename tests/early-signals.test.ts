import { expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryFileLock } from '#shared/embedded/file-lock.ts';
import { cpuMs } from '../bench/process-figures.ts';
import { until } from './support/until.ts';

const root = join(import.meta.dir, '..');
/** By then Bun itself has started, and hears signals. */
const soonestMs = 120;
/** By then whatever has less to do than that has done it. */
const latestMs = 3000;

/**
 * Begins a program and tells it to end when it has worked for so long, however busy the machine is; one that has less to
 * do is told when twice the time is over, or at the latest.
 * @returns its exit code
 */
async function endAfter(program: string, ms: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nexus-signals-'));
  const child = Bun.spawn([process.execPath, program], {
    cwd: root,
    // Stores that do not answer: it has to wait for them.
    env: {
      ...process.env,
      NEXUS_DATA_DIR: dataDir,
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
      JWT_SECRET: 'x'.repeat(40),
      PORT: '0',
    },
    stdout: 'ignore',
    stderr: 'ignore',
  });
  const began = performance.now();
  await until(async () => {
    const worked = await cpuMs(child.pid);
    return worked >= ms || performance.now() - began > (worked >= soonestMs ? 2 * ms : latestMs);
  });
  child.kill('SIGTERM');
  const code = await child.exited;
  await rm(dataDir, { recursive: true, force: true });
  return code;
}

test.each(['scripts/start.ts', 'api/main.ts', 'worker/main.ts', 'scripts/migrate.ts', 'sandbox/main.ts'])(
  '%s ends with 0 on SIGTERM, also while it is being loaded',
  async (program) => {
    const codes: number[] = [];
    // Two at a time: more would be loaded for longer than the latest signal.
    for (const pair of [[soonestMs, 1000] as const, [200, 700] as const, [300, 450] as const])
      codes.push(...(await Promise.all(pair.map((ms) => endAfter(program, ms)))));
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  },
  60_000,
);

test('a lock file that is damaged, or is a folder, is named in one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-lock-'));
  const file = join(folder, 'start.lock');
  await writeFile(file, 'this is no lock file, and longer than a header. '.repeat(50));
  for (const path of [file, folder]) {
    const refusal = await tryFileLock(path).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(Error);
    expect((refusal as Error).name).toBe('LockFileError');
    expect((refusal as Error).message).toContain(`The lock file ${path} cannot be used`);
  }
  await rm(folder, { recursive: true });
});
