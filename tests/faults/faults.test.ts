import { afterAll, beforeAll, expect, test } from 'bun:test';
import { takePrecedence } from '#tests/support/take-precedence.ts';
import type { Topology } from './installation.ts';
import { allFaults } from './kinds.ts';
import { hasOwnRedis } from './own-redis.ts';
import { runFaults } from './run-faults.ts';

const topologies: readonly Topology[] = hasOwnRedis ? ['postgres', 'redis', 'replicated'] : ['postgres'];

let precedence: Disposable;
beforeAll(() => {
  precedence = takePrecedence();
});
afterAll(() => precedence[Symbol.dispose]());

/** The short form of `npm run faults`: what hung for good once, and what loses a store. Most of the time is waiting. */
test.concurrent.each(topologies)(
  'faults under traffic, with the setup %s, lose nothing, show nothing wrong, and are over within 60 s without a hand',
  async (topology) => {
    const faults = allFaults.filter(({ short }) => short?.includes(topology));
    expect(faults.length).toBeGreaterThan(1);
    const results = await runFaults(topology, faults);
    expect(results.map(({ fault, faults: found }) => ({ fault, found }))).toEqual(
      faults.map(({ name }) => ({ fault: name, found: [] })),
    );
    for (const { writes, reads } of results) expect(Math.min(writes, reads)).toBeGreaterThan(0);
  },
  300_000,
);
