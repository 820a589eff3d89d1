import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { neededProgram } from './needed-program.ts';

const program = neededProgram({
  names: ['redis-server'],
  requiredBy: 'REQUIRE_REDIS',
  loss: 'THE TESTS THAT NEED REDIS ARE SKIPPED',
});

/** Whether tests that need Redis can run. */
export const hasRedis = program !== null;

export interface TestRedis extends AsyncDisposable {
  url: string;
  /** From now on it takes whatever is sent, and is silent. */
  hang(): void;
  resume(): void;
}

/** What whoever has the password may do, in Redis's own words. */
export interface RedisRights {
  password: string;
  words: string[];
}

/** A Redis of the test's own, empty, gone when disposed. */
export async function testRedis(onPort?: number, rights?: RedisRights): Promise<TestRedis> {
  if (program === null) throw new Error('no redis-server');
  const folder = await mkdtemp(join(tmpdir(), 'nexus-redis-'));
  const port = onPort ?? (await freePort());
  const child = Bun.spawn(
    [
      program,
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      ...(rights === undefined ? [] : ['--user', 'default', 'on', `>${rights.password}`, ...rights.words]),
    ],
    { stdout: 'ignore', stderr: 'ignore' },
  );
  const url = `redis://${rights === undefined ? '' : `:${rights.password}@`}127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
  return {
    url,
    hang: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      child.kill();
      child.kill('SIGCONT');
      await child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  if (port === undefined) throw new Error('no free port');
  return port;
}
