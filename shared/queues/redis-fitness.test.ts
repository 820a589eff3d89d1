import { describe, expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { ConfigError } from '../config.ts';
import { createLog } from '../log.ts';
import type { Database } from '../orm/database.ts';
import { openQueues } from './queue.ts';

const log = createLog({ level: 'silent', name: 'test' });

/** How it ends, or what is said first while it waits; then it is mended, and must go on at once. */
async function saidOf(redisUrl: string, mend?: () => Promise<unknown>): Promise<string> {
  const ending = new AbortController();
  const said: string[] = [];
  try {
    await using queues = await openQueues({
      redisUrl,
      // No queue in PostgreSQL is asked for.
      database: undefined as unknown as Database,
      log,
      role: 'worker',
      signal: ending.signal,
      onWait: (sentence) => {
        said.push(sentence);
        void (mend ? mend() : ending.abort());
      },
    });
    await queues.ping();
    return said[0] ?? 'it can be used';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    return said[0] ?? Bun.inspect(error);
  }
}

describe.skipIf(!hasRedis)('a Redis that cannot hold queues is told with its reason', () => {
  test.each<[string, readonly string[], readonly string[], string]>([
    ['a replica', ['replicaof', '127.0.0.1', '1'], ['replicaof', 'no', 'one'], 'it is a replica'],
    ['a full one', ['config', 'set', 'maxmemory', '1'], ['config', 'set', 'maxmemory', '0'], 'it is full'],
  ])('%s, and it goes on at once when that is mended', async (_, spoil, mend, reason) => {
    await using there = await testRedis();
    const client = new Redis(there.url);
    const call = ([command = '', ...words]: readonly string[]) => client.call(command, ...words);
    await call(spoil);
    const said = await saidOf(there.url, () => call(mend));
    client.disconnect();
    expect(said).toStartWith('Waiting for Redis at REDIS_URL (127.0.0.1:');
    expect(said).toContain(reason);
  });

  test('one that may throw jobs away', async () => {
    await using there = await testRedis();
    const client = new Redis(there.url);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    client.disconnect();
    expect(await saidOf(there.url, async () => {})).toEndWith(
      'may throw jobs away when it is full (maxmemory-policy allkeys-lru). Set its maxmemory-policy to noeviction.',
    );
  });

  test('one without this database, or whose user may do too little', async () => {
    await using there = await testRedis();
    const client = new Redis(there.url);
    await client.call('acl', 'setuser', 'guest', 'on', '>hunter2', '~*', '+@read', '+info', '+select');
    client.disconnect();
    expect(await saidOf(`${there.url}/99`)).toContain('has no database of this number');
    const said = await saidOf(there.url.replace('//', '//guest:hunter2@'));
    expect(said).toContain('lets the user in it do too little');
    expect(said).not.toContain('hunter2');
  });
});

/** What no Redis here is: it answers everything with what it is. */
async function pretender(info: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const commands = bytes.toString().match(/^\*\d+\r$/gm) ?? [];
      for (const _ of commands) socket.write(`$${info.length}\r\n${info}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

test.each([
  ['redis_version:4.0.14\r\nredis_mode:standalone\r\n', 'is version 4.0.14: it must be 5 or newer.'],
  ['redis_version:8.0.0\r\nredis_mode:cluster\r\n', 'is a Redis Cluster, which does not work here'],
])('what waiting cannot heal ends it: %j', async (info, reason) => {
  await using there = await pretender(info);
  expect(await saidOf(there.url)).toContain(reason);
});
