import { afterAll, expect, spyOn, test } from 'bun:test';
import { chance } from '#tests/support/chance.ts';
import { mostInASecond } from '#tests/support/tmdb/most-in-a-second.ts';
import { createLocalWindow } from './local-window.ts';
import { planRate } from './rate-plan.ts';

let at = 0;
const clock = spyOn(performance, 'now').mockImplementation(() => at);
afterAll(() => clock.mockRestore());

interface Way {
  /** How late a call may arrive, and how long its answer may take from there. */
  arrivesWithinMs: number;
  answeredWithinMs: number;
}

/** A worker that asks as fast as it may, on a machine that is in good and in bad order by turns. @returns the arrivals */
async function arrivalsOf(random: () => number, ways: readonly Way[], maxRps: number): Promise<number[]> {
  at = 0;
  const window = createLocalWindow(planRate(maxRps));
  const arrivals: number[] = [];
  const underWay: { endsAt: number; onDemand: boolean }[] = [];
  while (at < 15_000) {
    const way = ways[Math.floor(at / 3000) % ways.length] ?? { arrivesWithinMs: 0, answeredWithinMs: 0 };
    for (const call of underWay.filter(({ endsAt }) => endsAt <= at)) {
      underWay.splice(underWay.indexOf(call), 1);
      window.ended?.(call);
    }
    const slots = 16 - underWay.length;
    const taken = await window.take({ slots, onDemand: random() < 0.3 ? 2 : 0, sync: 100 });
    const unused = taken.sync > 0 && random() < 0.1 ? 1 : 0;
    window.settle({ onDemand: 0, sync: unused });
    for (let n = unused; n < taken.onDemand + taken.sync; n++) {
      const arrivedAt = at + random() * way.arrivesWithinMs;
      arrivals.push(arrivedAt);
      const endsAt = arrivedAt + random() * way.answeredWithinMs;
      underWay.push({ endsAt, onDemand: n - unused < taken.onDemand });
    }
    // Sometimes it is put aside itself.
    at += random() < 0.01 ? random() * 1500 : 1 + random() * 10;
  }
  return arrivals.toSorted((a, b) => a - b);
}

const quick = { arrivesWithinMs: 2, answeredWithinMs: 30 };
const slow = { arrivesWithinMs: 100, answeredWithinMs: 400 };
const lost = { arrivesWithinMs: 4000, answeredWithinMs: 100 };

test.each([
  ['that are quick', [quick]],
  ['of a machine that is busy now and then', [quick, slow]],
  ['that arrive seconds later', [quick, lost]],
  ['that all arrive late at first', [lost, slow, quick]],
])('no second has more than the limit of arrivals %s', async (_, ways) => {
  for (let seed = 1; seed <= 25; seed++) {
    const arrivals = await arrivalsOf(chance(seed), ways, 40);
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(40);
    expect(arrivals.length).toBeGreaterThan(100);
  }
});

test('a call counts for a second from its answer, however late that is', async () => {
  at = 0;
  const window = createLocalWindow(planRate(1));
  const asked = { slots: 10, onDemand: 0, sync: 10 };
  expect(await window.take(asked)).toMatchObject({ sync: 1 });
  window.settle({ onDemand: 0, sync: 0 });
  at = 80;
  window.ended?.({ onDemand: false });
  at = 1020;
  const { waitMs, ...none } = await window.take(asked);
  expect(none).toEqual({ onDemand: 0, sync: 0 });
  expect(waitMs).toBeGreaterThan(20);
  at += waitMs + 1;
  expect(await window.take(asked)).toMatchObject({ sync: 1 });
});
