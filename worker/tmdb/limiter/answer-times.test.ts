import { afterAll, expect, spyOn, test } from 'bun:test';
import { chance } from '#tests/support/chance.ts';
import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import { createAnswerTimes } from './answer-times.ts';
import { createLocalWindow } from './local-window.ts';
import { planRate } from './rate-plan.ts';

let at = 0;
const clock = spyOn(performance, 'now').mockImplementation(() => at);
afterAll(() => clock.mockRestore());

type Between = readonly [number, number];

/** How long a call is on its way, and how long its answer takes from there. */
interface Way {
  there: Between;
  back: Between;
}

/** A worker that asks as fast as it may. @returns when calls arrived */
async function arrivalsOf(random: () => number, ways: readonly Way[], maxRps: number): Promise<number[]> {
  at = 0;
  const times = createAnswerTimes({ maxRps });
  const window = createLocalWindow(planRate(maxRps), times.leastMs);
  const within = ([from, to]: Between) => from + random() * (to - from);
  const arrivals: number[] = [];
  let underWay: { askedAt: number; endsAt: number }[] = [];
  while (at < 60_000) {
    const way = ways[Math.floor(at / 20_000) % ways.length];
    if (way === undefined) break;
    for (const { askedAt } of underWay.filter(({ endsAt }) => endsAt <= at)) {
      times.answered(at - askedAt);
      times.over(at - askedAt);
      window.ended?.({ onDemand: false });
    }
    underWay = underWay.filter(({ endsAt }) => endsAt > at);
    const { sync } = await window.take({
      slots: Math.max(0, times.callsAtOnce() - underWay.length),
      onDemand: 0,
      sync: 1000,
    });
    for (let n = 0; n < sync; n++) {
      const arrivedAt = at + within(way.there);
      arrivals.push(arrivedAt);
      underWay.push({ askedAt: at, endsAt: arrivedAt + within(way.back) });
    }
    // Sometimes it is put aside itself.
    at += random() < 0.002 ? random() * 300 : 1 + random() * 3;
  }
  return arrivals.toSorted((a, b) => a - b);
}

const near: Way = { there: [0, 1], back: [0, 3] };
const far: Way = { there: [40, 50], back: [60, 150] };
const steady: Way = { there: [20, 22], back: [80, 84] };
const uneven: Way = { there: [0, 400], back: [0, 100] };

test.each([
  ['that take long', [far]],
  ['that take as long each', [steady]],
  ['that arrive late, and take any time', [uneven]],
  ['that come to take more', [near, uneven, far]],
])('no second has more than the limit of calls %s', async (_, ways) => {
  for (let seed = 1; seed <= 5; seed++) {
    const arrivals = await arrivalsOf(chance(seed), ways, 150);
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(150);
  }
});

test('a way there that becomes shorter at once lets one more through, until the first answer', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const arrivals = await arrivalsOf(chance(seed), [far, near, far], 150);
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(151);
  }
});

test('the rate is used though answers take long', async () => {
  const perSecond = async (way: Way, maxRps: number) => {
    const arrivals = await arrivalsOf(chance(1), [way], maxRps);
    return arrivals.filter((arrivedAt) => arrivedAt > 20_000).length / 40;
  };
  expect(await perSecond(steady, 150)).toBeGreaterThan(142);
  expect(await perSecond(far, 150)).toBeGreaterThan(135);
});

test('as many calls at once as the rate needs, within bounds', () => {
  at = 0;
  const atOnce = (maxRps: number, tookMs: number) => {
    const times = createAnswerTimes({ maxRps });
    for (let n = 0; n < 200; n++) times.over(tookMs);
    return times.callsAtOnce();
  };
  expect(atOnce(150, 20)).toBe(16);
  expect(atOnce(150, 160)).toBe(36);
  expect(atOnce(150, 8000)).toBe(60);
  expect(atOnce(30, 8000)).toBe(16);
  expect(atOnce(50, 8000)).toBe(20);
  expect(atOnce(10_000, 8000)).toBe(64);
  expect(atOnce(10_000, 5)).toBe(16);
});

test('the least time is believed when it was seen often, and for no longer than a minute', () => {
  at = 1000;
  const times = createAnswerTimes({ maxRps: 150 });
  const answer = (count: number, tookMs: number) => {
    for (let n = 0; n < count; n++) times.answered(tookMs + (n % 10));
  };
  answer(500, 100);
  expect(times.leastMs()).toBe(0);
  answer(100, 100);
  expect(times.leastMs()).toBe(90);
  // A quicker one counts at once.
  answer(1, 20);
  expect(times.leastMs()).toBe(18);
  // It alone is no sign that all others are on their way for so long.
  answer(128, 100);
  expect(times.leastMs()).toBe(0);
  at += 61_000;
  answer(512, 200);
  expect(times.leastMs()).toBe(180);
});
