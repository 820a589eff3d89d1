import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { neededProgram } from '#tests/support/needed-program.ts';
import { freePort } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';

/** A Redis that keeps what it has on the disk, as an operator is told to run it, and that can be killed. */
export interface OwnRedis extends AsyncDisposable {
  port: number;
  signal(signal: NodeJS.Signals): void;
  exited(): Promise<unknown>;
  /** On the same files. */
  startAgain(): Promise<void>;
  /** What was written last is half there, as after a power cut. Only while it does not run. */
  tear(): Promise<void>;
  command(name: string, ...args: string[]): Promise<unknown>;
}

const program = neededProgram({
  names: ['redis-server'],
  requiredBy: 'REQUIRE_REDIS',
  loss: 'THE FAULTS THAT NEED REDIS ARE SKIPPED',
});

export const hasOwnRedis = program !== null;

export async function openOwnRedis(folder: string): Promise<OwnRedis> {
  if (program === null) throw new Error('no redis-server');
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const start = () =>
    Bun.spawn([program, ...settings, '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'], {
      stdout: 'ignore',
      stderr: 'ignore',
    });
  let child = start();
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: 1 });
  client.on('error', () => {});
  const answers = () =>
    client.ping().then(
      () => true,
      () => false,
    );
  await until(answers);
  return {
    port,
    signal: (signal) => child.kill(signal),
    exited: () => child.exited,
    async startAgain() {
      await child.exited;
      child = start();
      await until(answers, 20_000);
    },
    async tear() {
      const logs = join(folder, 'appendonlydir');
      const [last] = (await readdir(logs))
        .filter((file) => file.endsWith('.incr.aof'))
        .toSorted()
        .toReversed();
      if (last === undefined) throw new Error('this Redis has no append-only file');
      const { size } = await stat(join(logs, last));
      await truncate(join(logs, last), Math.floor(size / 2));
    },
    command: (name, ...args) => client.call(name, ...args),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}
