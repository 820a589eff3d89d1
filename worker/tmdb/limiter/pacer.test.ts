import { afterEach, expect, test } from 'bun:test';
import { until } from '#tests/support/until.ts';
import { openPacer } from './pacer.ts';
import { planRate } from './rate-plan.ts';

const trueNow = Date.now;
afterEach(() => {
  Date.now = trueNow;
});

test.each([-300_000, -3_600_000, 300_000])(
  'a clock set by %d ms just while turns are booked holds up none of them, and adds none',
  async (stepMs) => {
    let turns = 0;
    const broken: Error[] = [];
    const plan = planRate(40);
    const pacer = openPacer({ plan, onTurn: () => turns++, onBroken: (error) => broken.push(error) });
    for (let booked = 0; booked < 3; booked++) pacer.book();
    // Bottleneck looks at the clock a moment later than it is asked.
    Date.now = () => trueNow() + stepMs;
    await until(() => turns === 3);
    pacer.book();
    await until(() => turns === 4);
    await Bun.sleep(10 * plan.turnMs);
    expect({ turns, booked: pacer.booked, broken }).toEqual({ turns: 4, booked: 0, broken: [] });
    pacer.close();
  },
);
