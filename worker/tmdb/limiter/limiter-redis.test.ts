import { describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { codeOf } from '#shared/errors.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { type LimiterOptions, openLimiter } from './limiter.ts';

const never = new AbortController().signal;

function connect(url: string): Redis & Disposable {
  // As the queue has it: commands wait for ever.
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => {});
  return Object.assign(redis, { [Symbol.dispose]: () => redis.disconnect() });
}

function open(redis: Redis, options: Partial<LimiterOptions> = {}) {
  return openLimiter({ maxRps: 40, redis, log: rememberingLog().log, redisTimeoutMs: 500, ...options });
}

async function grantsOf(child: { stdout: ReadableStream }): Promise<number[]> {
  return JSON.parse(await new Response(child.stdout).text());
}

function startProcess(
  url: string,
  maxRps: number,
  durationMs: number,
  clock: { aheadMs?: number; stepMs?: number } = {},
) {
  const { aheadMs = 0, stepMs = 0 } = clock;
  const args = [new URL(url).port, ...[maxRps, durationMs, aheadMs, stepMs].map(String)];
  return Bun.spawn(
    [process.execPath, fileURLToPath(import.meta.resolve('#tests/support/tmdb/limiter-process.ts')), ...args],
    { stdout: 'pipe' },
  );
}

/** 97 % of the rate, spread over the time, and a fair part for each. */
function goalsMissed(lists: number[][], grants: number[]): string[] {
  const rate = (grants.length / ((grants.at(-1) ?? 0) - (grants[0] ?? 0))) * 1000;
  const mostAtOnce = Math.max(...grants.map((at) => grants.filter((it) => it >= at && it < at + 100).length));
  const least = Math.min(...lists.map(({ length }) => length));
  const goals: [what: string, isMet: boolean][] = [
    [`${rate} a second`, rate > 40 * 0.97],
    [`${mostAtOnce} at once`, mostAtOnce <= 12],
    [`${least} of ${grants.length} for one`, least > (grants.length / lists.length) * 0.3],
  ];
  return goals.filter(([, isMet]) => !isMet).map(([what]) => what);
}

describe.skipIf(!hasRedis)('a limiter on Redis', () => {
  test('keeps one rate over several processes, and never passes it in any second', async () => {
    await using server = await testRedis();
    const lists = await Promise.all([1, 2, 3].map(() => grantsOf(startProcess(server.url, 40, 5000))));
    const grants = lists.flat().toSorted((a, b) => a - b);
    const seconds = ((grants.at(-1) ?? 0) - (grants[0] ?? 0)) / 1000;
    expect(mostInASecond(grants)).toBeLessThanOrEqual(40);
    expect(grants.length / seconds).toBeGreaterThan(40 * 0.95);
    for (const list of lists) expect(list.length).toBeGreaterThan(10);
  }, 30_000);

  test.each([
    ['hosts an hour apart', [{ aheadMs: 3_600_000 }, { aheadMs: -3_600_000 }, {}]],
    ['hosts ten seconds apart', [{ aheadMs: 10_000 }, {}]],
    ['clocks that are put back and ahead', [{ stepMs: -300_000 }, { stepMs: 300_000 }, {}]],
    ['the one clock that is put back', [{ stepMs: -300_000 }]],
  ])(
    'keeps the rate with %s, spread, and each has its part',
    async (_, clocks) => {
      // A machine that is busy with other things can only make it slower and less even, now and then.
      let missed: string[] = [];
      for (let turn = 0; turn < 3; turn++) {
        await using server = await testRedis();
        const lists = await Promise.all(
          clocks.map((clock) => grantsOf(startProcess(server.url, 40, 6000, clock))),
        );
        const grants = lists.flat().toSorted((a, b) => a - b);
        expect(mostInASecond(grants)).toBeLessThanOrEqual(40);
        missed = goalsMissed(lists, grants);
        if (missed.length === 0) break;
      }
      expect(missed).toEqual([]);
    },
    60_000,
  );

  test('keeps one rate over 32 workers, and leaves none of them out', async () => {
    await using server = await testRedis();
    const maxRps = 64;
    await using stack = new AsyncDisposableStack();
    const grants: { at: number; worker: number }[] = [];
    const stop = AbortSignal.timeout(8000);
    const workers = Array.from({ length: 32 }, (_, worker) => {
      const redis = stack.use(connect(server.url));
      const onGrant = () => grants.push({ at: Date.now(), worker });
      const limiter = stack.use(open(redis, { maxRps, onGrant, redisTimeoutMs: 2000 }));
      const one = async () => {
        while (!stop.aborted) await limiter.run(async () => {}, { signal: stop }).catch(() => {});
      };
      return Promise.all(Array.from({ length: 16 }, one));
    });
    await Promise.all(workers);
    const times = grants.map(({ at }) => at).toSorted((a, b) => a - b);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    expect(mostInASecond(times)).toBeLessThanOrEqual(maxRps);
    expect(times.length / seconds).toBeGreaterThan(maxRps * 0.95);
    expect(new Set(grants.map(({ worker }) => worker)).size).toBe(32);
  }, 40_000);

  test('is not held up by a process that was killed', async () => {
    await using server = await testRedis();
    const child = startProcess(server.url, 40, 20_000);
    await Bun.sleep(2500);
    child.kill('SIGKILL');
    await child.exited;
    using redis = connect(server.url);
    await using limiter = open(redis);
    const start = performance.now();
    await Promise.all(Array.from({ length: 40 }, () => limiter.run(async () => {}, { signal: never })));
    expect(performance.now() - start).toBeLessThan(3000);
  }, 30_000);

  test('goes on after FLUSHALL, without passing the rate', async () => {
    await using server = await testRedis();
    using redis = connect(server.url);
    const grants: number[] = [];
    await using limiter = open(redis, { onGrant: (at) => grants.push(at) });
    const calls = Array.from({ length: 100 }, () => limiter.run(async () => {}, { signal: never }));
    for (const pauseMs of [1800, 700]) {
      await Bun.sleep(pauseMs);
      await redis.flushall();
    }
    await Promise.all(calls);
    expect(mostInASecond(grants)).toBeLessThanOrEqual(40);
  }, 30_000);

  test('says that it is unavailable, soon, when there is no Redis, and is back when Redis is', async () => {
    const first = await testRedis();
    const port = Number(new URL(first.url).port);
    using redis = connect(first.url);
    await using limiter = open(redis);
    await limiter.run(async () => {}, { signal: never });
    await first[Symbol.asyncDispose]();
    const start = performance.now();
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => limiter.run(async () => {}, { signal: never }).catch(codeOf)),
    );
    expect(codes).toContain('unavailable');
    expect(performance.now() - start).toBeLessThan(3000);

    const again = Bun.spawn(['redis-server', '--port', String(port), '--save', ''], { stdout: 'ignore' });
    try {
      const end = performance.now() + 15_000;
      let code: string | undefined = 'unavailable';
      while (code !== undefined && performance.now() < end)
        code = await limiter.run(async () => undefined, { signal: never }).catch(codeOf);
      expect(code).toBeUndefined();
    } finally {
      again.kill();
      await again.exited;
    }
  }, 30_000);

  test('shares the half for calls on demand between processes', async () => {
    await using server = await testRedis();
    using redis = connect(server.url);
    await using one = open(redis);
    await using two = open(redis);
    const stop = AbortSignal.timeout(3500);
    const moments: number[] = [];
    const keepAsking = async (limiter: typeof one) => {
      const run = () =>
        limiter.run(async () => void moments.push(Date.now()), { signal: stop, onDemand: true });
      while (!stop.aborted) await run().catch(() => {});
    };
    await Promise.all([one, two].flatMap((limiter) => [1, 2, 3, 4].map(() => keepAsking(limiter))));
    expect(mostInASecond(moments)).toBeLessThanOrEqual(20);
    expect(moments.length).toBeGreaterThan(35);
  }, 30_000);
});
