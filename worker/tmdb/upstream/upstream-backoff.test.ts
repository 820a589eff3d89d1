import { expect, test } from 'bun:test';
import { keyProbeDelayMs, pauseMs, probeDelayMs } from './upstream-backoff.ts';

test('probes come after 2, 4 and 8 seconds, then every 15', () => {
  let openForMs = 0;
  const delays = Array.from({ length: 6 }, () => {
    const delay = probeDelayMs(openForMs);
    openForMs += delay;
    return delay;
  });
  expect(delays).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test('a rejected key is tried again after 15 s, 30 s, a minute and so on, at last every 15 minutes', () => {
  let stoppedForMs = 0;
  const seconds = Array.from({ length: 9 }, () => {
    const delay = keyProbeDelayMs(stoppedForMs);
    stoppedForMs += delay;
    return delay / 1000;
  });
  expect(seconds).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
});

test('a pause doubles with each 429 in a row, from one second to one minute', () => {
  expect([0, 1, 2, 3, 9, 99].map((n) => pauseMs(n, 0))).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
  expect(pauseMs(0, 1)).toBe(1250);
});
