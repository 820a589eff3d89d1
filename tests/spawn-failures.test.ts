import { afterEach, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { watchOver } from '#api/processes/watch-over.ts';
import { createLog } from '#shared/log.ts';
import { startSandboxProcess } from '#worker/sandbox-process.ts';
import { childrenOf } from './support/children-of.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

const { execPath } = process;
const outOfProcesses = (isOut: boolean) => {
  process.execPath = isOut ? '/nowhere/bun' : execPath;
};
afterEach(() => outOfProcesses(false));

const programOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const kill = (program: string) => {
  for (const pid of childrenOf(process.pid))
    if (programOf(pid).includes(program)) process.kill(pid, 'SIGKILL');
};

function recordedLog() {
  const lines: string[] = [];
  return {
    said: (sentence: string) => lines.some((line) => line.includes(sentence)),
    log: createLog({ level: 'info', name: 'test', destination: { write: (line) => void lines.push(line) } }),
  };
}

test('a sandbox that cannot be started again for a while ends nobody, and is started then', async () => {
  const { log, said } = recordedLog();
  await using sandbox = await startSandboxProcess({ movies: 200, realData: undefined, log });
  outOfProcesses(true);
  kill('sandbox/main.ts');
  await until(() => said('the sandbox did not start'));
  outOfProcesses(false);
  const answers = () =>
    fetch(sandbox.url).then(
      () => true,
      () => false,
    );
  await until(answers);
});

test('nor does an API process', async () => {
  await using database = await testDatabase();
  const { log, said } = recordedLog();
  const port = await freePort();
  const settings = {
    DATABASE_URL: databaseUrl(database),
    JWT_SECRET: 'a secret of this test, long enough',
    LOG_LEVEL: 'silent',
  };
  const before = { ...process.env };
  Object.assign(process.env, settings);
  try {
    await using processes = await watchOver(
      { host: '127.0.0.1', port, shutdownGraceMs: 5000 },
      { count: 1, pools: { reads: 4, queue: 2 }, log },
    );
    outOfProcesses(true);
    kill('api/one-process.ts');
    await until(() => said('no API process can be started now'));
    expect(await isReady(processes.url)).toBe(false);
    outOfProcesses(false);
    await until(() => isReady(processes.url));
  } finally {
    for (const name of Object.keys(settings)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}, 60_000);
