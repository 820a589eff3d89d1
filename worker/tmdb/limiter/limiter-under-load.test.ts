import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { leastOf } from '#tests/support/least-of.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { sandboxKey } from '../../sandbox-process.ts';
import { openLimiter } from './limiter.ts';

const program = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));
const maxRps = 40;
const ms = 6000;

/** The sandbox alone in a process, which can be held up as a machine holds it up that has too much to do. */
async function startSandbox() {
  const child = Bun.spawn([process.execPath, program, '--exit-with-parent', '--movies', '200'], {
    // Without real data, which takes long to read.
    env: { PATH: process.env.PATH },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const { value } = await child.stdout.getReader().read();
  const { url } = JSON.parse(new TextDecoder().decode(value).split('\n')[0] ?? '').sandbox as { url: string };
  return {
    url,
    holdUp: async (forMs: number) => {
      child.kill('SIGSTOP');
      await Bun.sleep(forMs);
      child.kill('SIGCONT');
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

/** Asks as fast as it may, and sleeps through its own turns now and then. @returns what the sandbox counted */
async function askForAWhile(
  sandbox: Awaited<ReturnType<typeof startSandbox>>,
  holdUpMs: number,
  everyMs = 310,
) {
  await using limiter = openLimiter({ log: rememberingLog().log, maxRps });
  const stop = AbortSignal.timeout(ms);
  const ask = async () => {
    const answer = await fetch(`${sandbox.url}/3/configuration?api_key=${sandboxKey}`);
    await answer.json();
  };
  const lane = async () => {
    while (!stop.aborted) await limiter.run(ask, { signal: stop }).catch(() => {});
  };
  const stalls = setInterval(() => Bun.sleepSync(60), 700);
  const held = (async () => {
    while (!stop.aborted && holdUpMs > 0) {
      await sandbox.holdUp(holdUpMs);
      await Bun.sleep(everyMs - holdUpMs);
    }
  })();
  await Promise.all([...Array.from({ length: 16 }, lane), held]);
  clearInterval(stalls);
  const stats = await fetch(new URL('/__sandbox/stats', sandbox.url));
  return (await stats.json()) as { requests: number; maxInAnySecond: number };
}

/** Which part of the rate was not used. A machine that is busy with other things may use less of it, but never more. */
async function unusedOf(holdUpMs: number, everyMs?: number): Promise<number> {
  await using sandbox = await startSandbox();
  const { requests, maxInAnySecond } = await askForAWhile(sandbox, holdUpMs, everyMs);
  expect(maxInAnySecond).toBeLessThanOrEqual(maxRps);
  return 1 - requests / (maxRps * (ms / 1000));
}
const rounds = 8;

test('no second has more than the limit where calls arrive, though they arrive late', async () => {
  expect(await leastOf(() => unusedOf(120), { enough: 0.25, rounds })).toBeLessThan(0.25);
}, 120_000);

test('nor where they arrive most of a second late', async () => {
  expect(await leastOf(() => unusedOf(700, 1300), { enough: 0.6, rounds })).toBeLessThan(0.6);
}, 120_000);

test('and while they arrive in time, the rate is used', async () => {
  expect(await leastOf(() => unusedOf(0), { enough: 0.1, rounds })).toBeLessThan(0.1);
}, 120_000);
