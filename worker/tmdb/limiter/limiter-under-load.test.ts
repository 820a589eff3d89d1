import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
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

test('no second has more than the limit where calls arrive, though they arrive late', async () => {
  await using sandbox = await startSandbox();
  const { requests, maxInAnySecond } = await askForAWhile(sandbox, 120);
  expect(maxInAnySecond).toBeLessThanOrEqual(maxRps);
  expect(requests).toBeGreaterThan(maxRps * (ms / 1000) * 0.75);
}, 30_000);

test('nor where they arrive most of a second late', async () => {
  await using sandbox = await startSandbox();
  const { requests, maxInAnySecond } = await askForAWhile(sandbox, 700, 1300);
  expect(maxInAnySecond).toBeLessThanOrEqual(maxRps);
  expect(requests).toBeGreaterThan(maxRps * (ms / 1000) * 0.4);
}, 30_000);

test('and while they arrive in time, the rate is used', async () => {
  await using sandbox = await startSandbox();
  const { requests, maxInAnySecond } = await askForAWhile(sandbox, 0);
  expect(maxInAnySecond).toBeLessThanOrEqual(maxRps);
  expect(requests).toBeGreaterThan(maxRps * (ms / 1000) * 0.9);
}, 30_000);
