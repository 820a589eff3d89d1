import { expect, test } from 'bun:test';
import { pauseMs, probeDelayMs } from './upstream-backoff.ts';

test('probes come after 2, 4 and 8 seconds, then every 15', () => {
  let openForMs = 0;
  const delays = Array.from({ length: 6 }, () => {
    const delay = probeDelayMs(openForMs);
    openForMs += delay;
    return delay;
  });
  expect(delays).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test('a pause doubles with each 429 in a row, from one second to one minute', () => {
  expect([0, 1, 2, 3, 9, 99].map((n) => pauseMs(n, 0))).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
  expect(pauseMs(0, 1)).toBe(1250);
});
