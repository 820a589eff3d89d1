import { expect, test } from 'bun:test';
import { planRate } from './rate-plan.ts';

test.each([1, 2, 7, 30, 40, 99, 100, 250, 3333, 10_000])(
  '%d a second are paced a little faster, for the window to cut',
  (maxRps) => {
    const plan = planRate(maxRps);
    expect(((1000 / plan.turnMs) * plan.slotsPerTurn) / maxRps).toBeWithin(1.03, 1.05);
    expect(plan.all).toEqual({ limit: maxRps, spanMs: 1000 });
    expect(plan.turnMs).toBeGreaterThan(4.8);
    expect((plan.onDemand.limit / plan.onDemand.spanMs) * 2000).toBeLessThanOrEqual(maxRps);
  },
);
