import { expect, test } from 'bun:test';
import { planRate } from './rate-plan.ts';

test.each([1, 2, 7, 30, 40, 99, 100, 250, 3333, 10_000])(
  '%d a second are paced a little slower',
  (maxRps) => {
    for (const slackMs of [3, 15]) {
      const plan = planRate(maxRps, slackMs);
      const pace = (1000 / plan.turnMs) * plan.slotsPerTurn;
      expect(pace).toBeLessThanOrEqual(maxRps);
      expect(pace).toBeGreaterThan(maxRps * 0.99);
      expect(plan.turnMs).toBeGreaterThan(4.9);
      expect((plan.onDemand.limit / plan.onDemand.spanMs) * 2000).toBeLessThanOrEqual(maxRps);
    }
  },
);
