import { expect, test } from 'bun:test';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['0', 1000],
  ['0.5', 1000],
  ['7', 7000],
  [' 7 ', 7000],
  ['3600', 3_600_000],
  ['86400', 3_600_000],
  ['Sun, 22 Nov 2026 12:00:20 GMT', 20_000],
  ['Sun, 22 Nov 2026 11:59:00 GMT', 1000],
  ['Mon, 23 Nov 2026 12:00:00 GMT', 3_600_000],
])('Retry-After %p means %p ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
