import { describe, expect, test } from 'bun:test';
import { codeOf } from '#shared/errors.ts';
import { keptFromProcessorMs } from '#tests/support/kept-from-processor-ms.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import { rememberingLog } from '#tests/support/tmdb/test-log.ts';
import { until } from '#tests/support/until.ts';
import { type LimiterOptions, openLimiter } from './limiter.ts';

const never = new AbortController().signal;

function open(options: Partial<LimiterOptions> & { maxRps: number }) {
  const grants: number[] = [];
  const { log } = rememberingLog();
  return { limiter: openLimiter({ log, onGrant: (at) => grants.push(at), ...options }), grants };
}

/** Keeps `workers` calls waiting until the signal fires. */
async function keepBusy(run: () => Promise<unknown>, workers: number, signal: AbortSignal): Promise<void> {
  const one = async () => {
    while (!signal.aborted) await run().catch(() => {});
  };
  await Promise.all(Array.from({ length: workers }, one));
}

test('keeps the rate, and never passes it in any second, though the event loop stalls', async () => {
  const unused = async () => {
    const { limiter, grants } = open({ maxRps: 40 });
    await using _ = limiter;
    const stop = AbortSignal.timeout(4000);
    const stalls = setInterval(() => Bun.sleepSync(120), 700);
    const keptMs = await keptFromProcessorMs(() =>
      keepBusy(() => limiter.run(async () => {}, { signal: stop }), 16, stop),
    );
    clearInterval(stalls);
    expect(mostInASecond(grants)).toBeLessThanOrEqual(40);
    return 1 - grants.length / (40 * (4 - keptMs / 1000));
  };
  expect(await leastOf(unused, { enough: 0.2, rounds: 8 })).toBeLessThan(0.2);
});

test.each([-300_000, 300_000])('goes on at its rate when the clock is set by %d ms', async (stepMs) => {
  const { limiter } = open({ maxRps: 40 });
  await using _ = limiter;
  const { now } = Date;
  let isSet = false;
  let granted = 0;
  const stop = AbortSignal.timeout(4000);
  setTimeout(() => {
    Date.now = () => now() + stepMs;
    setTimeout(() => {
      isSet = true;
    }, 1000);
  }, 1000);
  const task = async () => {
    if (isSet) granted++;
  };
  try {
    await keepBusy(() => limiter.run(task, { signal: stop }), 16, stop);
  } finally {
    Date.now = now;
  }
  // It would stand still after the first second. A call counts until a second after its answer: less on a busy machine.
  expect(granted).toBeGreaterThan(40 / 2);
});

test('spreads the calls over the second', async () => {
  const { limiter, grants } = open({ maxRps: 40 });
  await using _ = limiter;
  await Promise.all(Array.from({ length: 20 }, () => limiter.run(async () => {}, { signal: never })));
  expect((grants.at(-1) ?? 0) - (grants[0] ?? 0)).toBeGreaterThan(400);
});

test('is not itself the bottleneck at 10,000 a second', async () => {
  const unused = async () => {
    const { limiter, grants } = open({ maxRps: 10_000 });
    await using _ = limiter;
    const stop = AbortSignal.timeout(1000);
    const keptMs = await keptFromProcessorMs(() =>
      keepBusy(() => limiter.run(async () => {}, { signal: stop }), 16, stop),
    );
    expect(mostInASecond(grants)).toBeLessThanOrEqual(10_000);
    return 1 - grants.length / (10 * (1000 - keptMs));
  };
  expect(await leastOf(unused, { enough: 0.7, rounds: 30 })).toBeLessThan(0.7);
});

test('lets at most 16 run at once', async () => {
  const { limiter } = open({ maxRps: 40 });
  await using _ = limiter;
  const { promise: gate, resolve: end } = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const task = async () => {
    most = Math.max(most, ++running);
    await gate;
    running -= 1;
  };
  const all = Promise.all(Array.from({ length: 40 }, () => limiter.run(task, { signal: never })));
  await until(() => running === 16);
  // For as long as eight more would take.
  await Bun.sleep(200);
  end();
  await all;
  expect(most).toBe(16);
  expect(limiter.stats()).toMatchObject({ granted: 40, running: 0, waiting: 0 });
});

describe('calls on demand', () => {
  test('go before all that wait already', async () => {
    const { limiter } = open({ maxRps: 50 });
    await using _ = limiter;
    const order: string[] = [];
    const queue = (name: string, onDemand: boolean) =>
      limiter.run(async () => void order.push(name), { signal: never, onDemand });
    const sync = Array.from({ length: 15 }, () => queue('sync', false));
    await Promise.all([...sync, queue('on demand', true)]);
    expect(order.indexOf('on demand')).toBeLessThan(3);
  });

  test('have at most half of the budget', async () => {
    const lacking = async () => {
      const { limiter } = open({ maxRps: 40 });
      await using _ = limiter;
      const stop = AbortSignal.timeout(2500);
      const beganMs = performance.now();
      const asked: number[] = [];
      const other: number[] = [];
      const run = (onDemand: boolean, moments: number[]) => () =>
        limiter.run(async () => void moments.push(Date.now()), { signal: stop, onDemand });
      await Promise.all([keepBusy(run(true, asked), 8, stop), keepBusy(run(false, other), 8, stop)]);
      // Two and a half seconds touch three windows of twenty; the window itself is tested to the slot beside it.
      const windows = Math.ceil((performance.now() - beganMs + 400) / 1000);
      expect(asked.length).toBeLessThanOrEqual(20 * windows);
      return Math.max(31 - asked.length, 21 - other.length);
    };
    // At least two windows of each, where the machine lets it.
    expect(await leastOf(lacking, { enough: 1, rounds: 12 })).toBeLessThan(1);
  });
});

describe('who gives up', () => {
  test('leaves the line at once and costs nobody a slot', async () => {
    const { limiter } = open({ maxRps: 1 });
    await using _ = limiter;
    const stop = new AbortController();
    const quitters = Array.from({ length: 200 }, () =>
      limiter.run(async () => {}, { signal: stop.signal }).catch(codeOf),
    );
    const start = performance.now();
    stop.abort();
    expect(new Set(await Promise.all(quitters))).toEqual(new Set(['shutting_down']));
    await limiter.run(async () => {}, { signal: never });
    // Two hundred in line are more than three minutes.
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(limiter.stats()).toMatchObject({ granted: 1, waiting: 0 });
  });

  test('before asking is not let in', async () => {
    const { limiter } = open({ maxRps: 20 });
    await using _ = limiter;
    expect(await limiter.run(async () => {}, { signal: AbortSignal.abort() }).catch(codeOf)).toBe(
      'shutting_down',
    );
  });
});

test('a task that fails gives its place back, and its error is the caller’s', async () => {
  const { limiter } = open({ maxRps: 1000, maxConnections: 1 });
  await using _ = limiter;
  const failing = limiter.run(() => Promise.reject(new Error('mine')), { signal: never });
  expect(failing).rejects.toThrow('mine');
  expect(await limiter.run(async () => 'next', { signal: never })).toBe('next');
});

test('closing sends away who waits', async () => {
  const { limiter } = open({ maxRps: 1 });
  const waiting = [1, 2, 3].map(() => limiter.run(async () => {}, { signal: never }).catch(codeOf));
  await Bun.sleep(20);
  await limiter[Symbol.asyncDispose]();
  expect((await Promise.all(waiting)).slice(1)).toEqual(['shutting_down', 'shutting_down']);
});
