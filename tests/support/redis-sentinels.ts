import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { SentinelTarget } from '#shared/config.ts';
import { neededProgram } from './needed-program.ts';
import { temporaryFolder } from './program.ts';
import { freePort } from './redis.ts';
import { until } from './until.ts';

const program = neededProgram({
  names: ['redis-server'],
  requiredBy: 'REQUIRE_REDIS',
  loss: 'NO FAILOVER OF REDIS IS TRIED',
});

/** A Redis, its replica, and three sentinels that watch them. */
export interface WatchedRedis extends AsyncDisposable {
  target: SentinelTarget;
  /** The port of the one that takes writes, as a sentinel says. */
  primaryPort(): Promise<number>;
  /** It is gone with no goodbye. */
  killPrimary(): Promise<void>;
  /** The killed one again: the sentinels make it a replica. */
  startKilled(): Promise<void>;
}

const name = 'nexus-test';
const password = 'of-the-redis';
const downAfterMs = 2000;
const sentinelCount = 3;

export async function openWatchedRedis(): Promise<WatchedRedis> {
  if (program === null) throw new Error('no redis-server');
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const running = new Map<
    number,
    { pid: number; kill(signal: NodeJS.Signals): void; exited: Promise<number> }
  >();
  stack.defer(async () => {
    for (const child of running.values()) child.kill('SIGKILL');
    await Promise.all([...running.values()].map(({ exited }) => exited));
  });
  const start = async (port: number, lines: string[], sentinel = false) => {
    const dir = join(folder.path, String(port));
    await mkdir(dir, { recursive: true });
    const file = join(dir, 'redis.conf');
    const common = [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`];
    await writeFile(file, [...common, ...lines, ''].join('\n'));
    const command = [program, file, ...(sentinel ? ['--sentinel'] : [])];
    running.set(port, Bun.spawn(command, { stdout: 'ignore', stderr: 'ignore' }));
  };
  const ask = async (port: number, command: string, ...args: string[]) => {
    const isSentinel = !servers.includes(port);
    const options = { ...(isSentinel ? {} : { password }), maxRetriesPerRequest: 1, lazyConnect: true };
    const redis = new Redis(port, '127.0.0.1', options);
    redis.on('error', () => {});
    try {
      return await redis.call(command, ...args);
    } finally {
      redis.disconnect();
    }
  };
  const servers = [await freePort(), await freePort()];
  const [first = 0, second = 0] = servers;
  const of = [
    `requirepass ${password}`,
    `masterauth ${password}`,
    'appendonly yes',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  const replica = [...of, `replicaof 127.0.0.1 ${first}`];
  await start(first, of);
  await start(second, replica);
  const sentinels = await Promise.all(Array.from({ length: sentinelCount }, () => freePort()));
  const watch = [
    `sentinel monitor ${name} 127.0.0.1 ${first} 2`,
    `sentinel auth-pass ${name} ${password}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 10000`,
  ];
  const answers = (work: () => Promise<boolean>) => until(() => work().catch(() => false), 20_000);
  await answers(async () =>
    String(await ask(second, 'info', 'replication')).includes('master_link_status:up'),
  );
  for (const port of sentinels) await start(port, watch, true);
  const toldBy = (port: number, field: string) =>
    ask(port, 'sentinel', 'master', name).then((told) => {
      const fields = (told as string[]).map(String);
      return fields[fields.indexOf(field) + 1];
    });
  for (const port of sentinels)
    await answers(
      async () =>
        (await toldBy(port, 'num-other-sentinels')) === String(sentinelCount - 1) &&
        (await toldBy(port, 'num-slaves')) === '1',
    );
  let killed = 0;
  const primaryPort = async () => Number(await toldBy(sentinels[0] ?? 0, 'port'));
  const owned = stack.move();
  return {
    target: {
      sentinels: sentinels.map((port) => ({ host: '127.0.0.1', port })),
      name,
      sentinelPassword: undefined,
      username: undefined,
      password,
    },
    primaryPort,
    async killPrimary() {
      killed = await primaryPort();
      running.get(killed)?.kill('SIGKILL');
      await running.get(killed)?.exited;
    },
    async startKilled() {
      await start(killed, [...of, `replicaof 127.0.0.1 ${await primaryPort()}`]);
      await answers(async () =>
        String(await ask(killed, 'info', 'replication')).includes('master_link_status:up'),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
