import { describe, expect, test } from 'bun:test';
import {
  longestIntervalMs,
  type RefreshFacts,
  refreshIntervalMs,
  shortestIntervalMs,
  spareCalls,
} from './refresh-plan.ts';

const hour = 3_600_000;
const day = 24 * hour;
const nowMs = Date.parse('2026-11-20T12:00:00Z');
const dateIn = (days: number) => new Date(nowMs + days * day).toISOString().slice(0, 10);

const quiet: RefreshFacts = {
  tmdb_id: 550,
  release_date: '1971-05-06',
  popularity: 0.6,
  vote_count: 3,
  isTrending: false,
  isUsed: false,
};
const daysOf = (changes: Partial<RefreshFacts>) => refreshIntervalMs({ ...quiet, ...changes }, nowMs) / day;

describe('how soon a movie is due again', () => {
  test.each([
    ['in cinemas', { release_date: dateIn(-30) }],
    ['soon in cinemas', { release_date: dateIn(10) }],
    ['trending', { isTrending: true }],
    ['trending and read', { isTrending: true, isUsed: true }],
  ])('%s: half a day', (_, changes) => {
    expect(daysOf(changes)).toBe(0.5);
  });

  test.each([
    ['read lately', { isUsed: true }, 1],
    ['of this year', { release_date: dateIn(-200) }, 3],
    ['to come within a year', { release_date: dateIn(200) }, 3],
    ['old and famous', { vote_count: 20_000 }, 14],
    ['old and popular', { popularity: 12 }, 14],
    ['old and known', { vote_count: 150 }, 30],
    ['a few years old and quiet', { release_date: dateIn(-2000) }, 60],
    ['old and quiet', {}, 120],
    ['of a date that nobody knows', { release_date: null, popularity: null, vote_count: null }, 120],
  ])('%s', (_, changes, days) => {
    expect(daysOf(changes)).toBeLessThanOrEqual(days);
    expect(daysOf(changes)).toBeGreaterThanOrEqual(days * 0.8);
  });

  test('is never under 12 hours and never over 150 days, and spread, so that not all come at once', () => {
    const days = Array.from({ length: 1000 }, (_, id) => daysOf({ tmdb_id: id + 1 }));
    expect(Math.max(...days) - Math.min(...days)).toBeGreaterThan(20);
    for (const isTrending of [true, false])
      for (let id = 1; id < 3000; id += 7) {
        const ms = refreshIntervalMs({ ...quiet, tmdb_id: id, isTrending }, nowMs);
        expect(ms).toBeGreaterThanOrEqual(shortestIntervalMs);
        expect(ms).toBeLessThanOrEqual(longestIntervalMs);
      }
  });
});

test('spare calls are a share of the time since the last run began, and of a quarter of an hour at most', () => {
  expect(spareCalls({ perSecond: 15, sinceMs: 60_000 })).toBe(900);
  expect(spareCalls({ perSecond: 15, sinceMs: 900_000 })).toBe(13_500);
  expect(spareCalls({ perSecond: 15, sinceMs: Number.POSITIVE_INFINITY })).toBe(13_500);
  expect(spareCalls({ perSecond: 0, sinceMs: 900_000 })).toBe(0);
  expect(spareCalls({ perSecond: 15, sinceMs: -5 })).toBe(0);
});
