import { describe, expect, test } from 'bun:test';
import { planWindows, splitWindow } from './plan-windows.ts';

const nowMs = Date.parse('2026-11-20T12:00:00Z');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const plan = (readUntil: string, everything = false) =>
  planWindows({ readUntilMs: Date.parse(readUntil), nowMs, everything });
const daysOf = (readUntil: string) => plan(readUntil).windows.map(({ from, to }) => [from, to]);

describe('the windows', () => {
  test('are of today, however TMDb counts the last day', () => {
    expect(daysOf('2026-11-20T11:45:00Z')).toEqual([['2026-11-20', '2026-11-21']]);
  });

  test('take in yesterday while something of it may still be listed', () => {
    expect(daysOf('2026-11-20T01:59:59Z')).toEqual([['2026-11-19', '2026-11-21']]);
  });

  test.each([0.01, 0.5, 1, 5, 11.9, 12, 12.5, 13, 13.4])(
    'cover an outage of %d days without a hole, in steps of at most 13 days',
    (days) => {
      const readUntilMs = nowMs - days * dayMs;
      const { windows, gap } = planWindows({ readUntilMs, nowMs, everything: false });
      expect(gap).toBeUndefined();
      expect(Date.parse(windows[0]?.from ?? '')).toBeLessThanOrEqual(readUntilMs);
      for (const [index, { from, to, untilMs }] of windows.entries()) {
        expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(13 * dayMs);
        // Whether or not the last day counts in.
        expect(untilMs).toBeLessThanOrEqual(Date.parse(to));
        const next = windows[index + 1];
        if (next !== undefined) expect(Date.parse(next.from)).toBe(untilMs);
      }
      expect(windows.at(-1)?.untilMs).toBe(nowMs);
    },
  );

  test('say where nothing can be learned any more', () => {
    const { windows, gap } = plan('2026-10-01T00:00:00Z');
    expect(gap).toEqual({
      fromMs: Date.parse('2026-10-01T00:00:00Z'),
      untilMs: Date.parse('2026-11-07T00:00:00Z'),
    });
    expect(windows[0]?.from).toBe('2026-11-07');
  });

  test('of a watermark in the future begin today', () => {
    expect(daysOf('2027-05-01T00:00:00Z')).toEqual([['2026-11-20', '2026-11-21']]);
  });
});

describe('what is looked at again', () => {
  test('is what was fetched before its window ended, and after that only what is new in the list or hours old', () => {
    const [past, today] = plan('2026-11-07T12:00:00Z').windows;
    expect(past).toMatchObject({ fetchedBeforeMs: past?.untilMs, markedBeforeMs: null });
    expect(today).toMatchObject({
      fetchedBeforeMs: nowMs - 4 * hourMs,
      markedBeforeMs: Date.parse('2026-11-20'),
    });
  });

  test('is everything that is listed, for an administrator', () => {
    expect(plan('2026-11-20T11:45:00Z', true).windows).toMatchObject([{ fetchedBeforeMs: nowMs }]);
  });
});

test('a window that is too long is read in two parts, down to a day', () => {
  const [window] = plan('2026-11-15T12:00:00Z').windows;
  if (window === undefined) throw new Error('no window');
  const parts = splitWindow(window) ?? [];
  expect(parts.map(({ from, to }) => [from, to])).toEqual([
    ['2026-11-15', '2026-11-18'],
    ['2026-11-18', '2026-11-21'],
  ]);
  expect(splitWindow({ ...window, from: '2026-11-20' })).toBeUndefined();
});
