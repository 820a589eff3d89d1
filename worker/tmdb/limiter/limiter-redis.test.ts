import { describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { codeOf } from '#shared/errors.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { hasRedis, testRedis } from '#tests/support/redis.ts';
import { type Stalls, watchStalls } from '#tests/support/stalls.ts';
import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { until } from '#tests/support/until.ts';
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

interface Granted {
  grants: number[];
  stalls: Stalls;
}

async function grantedTo(child: { stdout: ReadableStream }): Promise<Granted> {
  return JSON.parse(await new Response(child.stdout).text());
}

const sorted = (all: readonly Granted[]) => all.flatMap(({ grants }) => grants).toSorted((a, b) => a - b);

/** Grants a second, without the time in which other programs kept even the luckiest of those who ask from asking. */
function rateOf(grants: readonly number[], stalls: readonly Stalls[]): number {
  const lostMs = Math.min(...stalls.map((each) => each.lostMs));
  const ms = (grants.at(-1) ?? 0) - (grants[0] ?? 0) - lostMs;
  return ms > 0 ? (grants.length / ms) * 1000 : Number.POSITIVE_INFINITY;
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

/** 97 % of the rate, spread over the time, and a fair part for each. What others held up is in nobody's part. */
function goalsMissed(all: Granted[]): string[] {
  const grants = sorted(all);
  const stalls = all.map((each) => each.stalls);
  const rate = rateOf(grants, stalls);
  const mostAtOnce = Math.max(...grants.map((at) => grants.filter((it) => it >= at && it < at + 100).length));
  const heldUp = Math.max(...stalls.map(slotsIn));
  const ms = (grants.at(-1) ?? 0) - (grants[0] ?? 0);
  const fewest = all.map((each) => {
    const fair = (grants.length / all.length) * 0.3 * (1 - each.stalls.lostMs / ms);
    return [`${each.grants.length} of ${grants.length} for one`, each.grants.length > fair] as const;
  });
  const goals: (readonly [what: string, isMet: boolean])[] = [
    [`${rate} a second`, rate > 40 * 0.97],
    [`${mostAtOnce} at once`, mostAtOnce <= 12 + heldUp],
    ...fewest,
  ];
  return goals.filter(([, isMet]) => !isMet).map(([what]) => what);
}

/** How many slots of 25 ms the longest of them is. */
const slotsIn = ({ longestMs }: Stalls) => Math.floor(longestMs / 25);

// Those that are processes of their own wait for slots most of the time, and are tried at the same time.
describe.concurrent.skipIf(!hasRedis)('a limiter on Redis, asked by other processes,', () => {
  test('keeps one rate over several processes, and never passes it in any second', async () => {
    const unused = async () => {
      await using server = await testRedis();
      const all = await Promise.all([1, 2, 3].map(() => grantedTo(startProcess(server.url, 40, 5000))));
      const grants = sorted(all);
      expect(mostInASecond(grants)).toBeLessThanOrEqual(40);
      const stalls = all.map((each) => each.stalls);
      const fewest = Math.min(...all.map((each) => each.grants.length));
      return fewest > 10 ? 1 - rateOf(grants, stalls) / 40 : 1;
    };
    expect(await leastOf(unused, { enough: 0.05, rounds: 6 })).toBeLessThan(0.05);
  }, 120_000);

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
      for (let turn = 0; turn < 6; turn++) {
        await using server = await testRedis();
        const all = await Promise.all(
          clocks.map((clock) => grantedTo(startProcess(server.url, 40, 6000, clock))),
        );
        expect(mostInASecond(sorted(all))).toBeLessThanOrEqual(40);
        missed = goalsMissed(all);
        if (missed.length === 0) break;
      }
      expect(missed).toEqual([]);
    },
    120_000,
  );
});

describe.skipIf(!hasRedis)('a limiter on Redis', () => {
  test('keeps one rate over 32 workers, and leaves none of them out', async () => {
    const maxRps = 64;
    const unused = async () => {
      await using server = await testRedis();
      await using stack = new AsyncDisposableStack();
      const grants: { at: number; worker: number }[] = [];
      const watched = stack.use(watchStalls(stack.use(connect(server.url))));
      const stop = new AbortController();
      const workers = Array.from({ length: 32 }, (_, worker) => {
        const redis = stack.use(connect(server.url));
        const onGrant = () => grants.push({ at: Date.now(), worker });
        const limiter = stack.use(open(redis, { maxRps, onGrant, redisTimeoutMs: 2000 }));
        const one = async () => {
          while (!stop.signal.aborted)
            await limiter.run(async () => {}, { signal: stop.signal }).catch(() => {});
        };
        return Promise.all(Array.from({ length: 16 }, one));
      });
      const served = () => new Set(grants.map(({ worker }) => worker)).size;
      await Bun.sleep(8000);
      // Some have their first turn late on a busy machine.
      await until(() => served() === 32).finally(() => stop.abort());
      await Promise.all(workers);
      const times = grants.map(({ at }) => at).toSorted((a, b) => a - b);
      expect(mostInASecond(times)).toBeLessThanOrEqual(maxRps);
      return 1 - rateOf(times, [watched.read()]) / maxRps;
    };
    expect(await leastOf(unused, { enough: 0.05, rounds: 6 })).toBeLessThan(0.05);
  }, 180_000);

  test('is not held up by a process that was killed', async () => {
    const heldUpMs = async () => {
      await using server = await testRedis();
      const child = startProcess(server.url, 40, 20_000);
      await Bun.sleep(2500);
      child.kill('SIGKILL');
      await child.exited;
      using redis = connect(server.url);
      await using limiter = open(redis);
      const all = Array.from({ length: 40 }, () => () => limiter.run(async () => {}, { signal: never }));
      return await tookMs(() => Promise.all(all.map((run) => run())));
    };
    expect(await leastOf(heldUpMs, { enough: 3000, rounds: 6 })).toBeLessThan(3000);
  }, 120_000);

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
  }, 120_000);

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
    expect(performance.now() - start).toBeLessThan(20_000);

    const again = Bun.spawn(['redis-server', '--port', String(port), '--save', ''], { stdout: 'ignore' });
    try {
      const end = performance.now() + 45_000;
      let code: string | undefined = 'unavailable';
      while (code !== undefined && performance.now() < end)
        code = await limiter.run(async () => undefined, { signal: never }).catch(codeOf);
      expect(code).toBeUndefined();
    } finally {
      again.kill();
      await again.exited;
    }
  }, 90_000);

  test('shares the half for calls on demand between processes', async () => {
    await using server = await testRedis();
    using redis = connect(server.url);
    await using one = open(redis);
    await using two = open(redis);
    using watched = watchStalls(redis);
    const stop = AbortSignal.timeout(3500);
    const moments: number[] = [];
    const keepAsking = async (limiter: typeof one) => {
      const run = () =>
        limiter.run(async () => void moments.push(Date.now()), { signal: stop, onDemand: true });
      while (!stop.aborted) await run().catch(() => {});
    };
    await Promise.all([one, two].flatMap((limiter) => [1, 2, 3, 4].map(() => keepAsking(limiter))));
    // Who was held up uses a slot later than Redis gave it, which Redis is told only then.
    expect(mostInASecond(moments)).toBeLessThanOrEqual(20 + slotsIn(watched.read()));
    expect(moments.length).toBeGreaterThan(35);
  }, 120_000);
});
