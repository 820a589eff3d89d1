import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { childrenOf } from './support/children-of.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { type Program, startProgram } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

const preload = fileURLToPath(new URL('support/fail-on-signal.ts', import.meta.url));

/** A program over a database of its own, in which an error can be had that nobody caught. */
async function start(script: string, stack: AsyncDisposableStack, processes = 1) {
  const database = stack.use(await testDatabase());
  const port = await freePort();
  const program = stack.use(
    startProgram(script, {
      BUN_OPTIONS: `--preload=${preload}`,
      DATABASE_URL: databaseUrl(database),
      JWT_SECRET: 'a secret of this test, long enough',
      API_PROCESSES: String(processes),
      PORT: String(port),
      NODE_ENV: 'development',
    }),
  );
  return { program, url: `http://127.0.0.1:${port}`, database };
}

/** Its own line in the log, whose whole form is that of the log. */
const fatalLines = (program: Program) =>
  program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":"fatal"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const told = (message: string) => ({
  level: 'fatal',
  code: 'internal_error',
  err: { type: 'Error', message, stack: expect.stringContaining('fail-on-signal.ts') },
});

test.concurrent('a worker with an error that nobody caught tells the log, closes in order and exits 1', async () => {
  await using stack = new AsyncDisposableStack();
  const { program, database } = await start('worker/main.ts', stack);
  await until(() => program.output().includes('the worker is up'), 60_000);
  program.kill('SIGWINCH');
  expect(await program.exited).toBe(1);
  expect(fatalLines(program)).toMatchObject([told('nobody waited for this')]);
  // What it closes last: it is no worker any more.
  expect((await database.pool.query('select from worker_processes')).rows).toEqual([]);
}, 120_000);

test.concurrent('an API process with one is replaced, while the others answer; the one that watches exits 1', async () => {
  await using stack = new AsyncDisposableStack();
  const { program, url } = await start('api/main.ts', stack, 2);
  await until(() => program.output().includes('all API processes are up'), 60_000);
  const [first = 0, second = 0] = childrenOf(program.pid);
  process.kill(first, 'SIGUSR2');
  await until(() => !childrenOf(program.pid).includes(first) && childrenOf(program.pid).length === 2, 60_000);
  expect(childrenOf(program.pid)).toContain(second);
  await until(() => fatalLines(program).length > 0);
  expect(fatalLines(program)).toMatchObject([told('nobody expected this')]);
  // Nor does it matter to the one that watches that another one hears nothing any more.
  process.kill(second, 'SIGURG');
  await until(
    () => !childrenOf(program.pid).includes(second) && childrenOf(program.pid).length === 2,
    60_000,
  );
  await until(() => isReady(url), 60_000);
  program.kill('SIGUSR2');
  expect(await program.exited).toBe(1);
  expect(fatalLines(program)).toMatchObject([told('nobody expected this'), told('nobody expected this')]);
}, 120_000);

test.concurrent('`start` with one closes all and begins again by itself', async () => {
  await using stack = new AsyncDisposableStack();
  const { program, url } = await start('scripts/start.ts', stack);
  await until(() => isReady(url), 60_000);
  program.kill('SIGUSR2');
  await until(() => program.output().includes('Starting again in 1 s…'), 60_000);
  expect(await isReady(url)).toBe(false);
  await until(() => isReady(url), 60_000);
  expect(fatalLines(program)).toMatchObject([told('nobody expected this')]);
  // A signal ends it as ever.
  program.kill('SIGTERM');
  expect(await program.exited).toBe(0);
}, 120_000);
