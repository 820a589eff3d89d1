import { describe, expect, test } from 'bun:test';
import { noticesOf, type ServiceFacts } from './notices-of.ts';

const nowMs = Date.parse('2026-11-20T12:00:00Z');
const hourMs = 3_600_000;
const minutesAgo = (minutes: number) => nowMs - minutes * 60_000;
const gb = (count: number) => count * 1e9;

const allWell: ServiceFacts = {
  nowMs,
  clockAheadMs: 20,
  circuit: 'closed',
  reason: null,
  openedAtMs: null,
  retryAtMs: null,
  workerSeenAtMs: nowMs - 5000,
  workerStartedAtMs: nowMs - 30 * 24 * hourMs,
  jobs: [
    { job: 'trending', lastSuccessMs: minutesAgo(40), isRunning: false },
    { job: 'details', lastSuccessMs: minutesAgo(10), isRunning: false },
    { job: 'genres', lastSuccessMs: nowMs - 20 * hourMs, isRunning: false },
    { job: 'purge', lastSuccessMs: null, isRunning: false },
  ],
  disk: { freeBytes: gb(60), totalBytes: gb(250) },
};
const codesOf = (facts: Partial<ServiceFacts>) => noticesOf({ ...allWell, ...facts }).map(({ code }) => code);
const noticeOf = (facts: Partial<ServiceFacts>) => noticesOf({ ...allWell, ...facts })[0];

test('nothing is said while all is well', () => {
  expect(noticesOf(allWell)).toEqual([]);
});

test('changes that nobody knows of are told, and that they heal by themselves', () => {
  const gap = { fromMs: nowMs - 900 * hourMs, untilMs: nowMs - 400 * hourMs, suspects: 12 };
  expect(noticeOf({ gap })).toMatchObject({
    code: 'changes_missed',
    sentence:
      'What TMDb changed from 2026-10-14 00:00 to 2026-11-03 20:00 was not read in time, and TMDb no longer lists it.',
  });
  expect(noticeOf({ gap })?.what_to_do).toContain('12 are left');
  expect(noticeOf({ gap: null })).toBeUndefined();
});

describe('TMDb', () => {
  test('a rejected key is told with the worker’s reason, since when, and where to get one', () => {
    const notice = noticeOf({
      circuit: 'stopped',
      reason: 'TMDb rejects the token in TMDB_ACCESS_TOKEN.',
      openedAtMs: minutesAgo(3),
      retryAtMs: nowMs + 60_000,
    });
    expect(notice).toMatchObject({
      code: 'tmdb_key_rejected',
      sentence: 'TMDb rejects the token in TMDB_ACCESS_TOKEN.',
      sinceMs: minutesAgo(3),
    });
    expect(notice?.what_to_do).toContain('https://www.themoviedb.org/settings/api');
    expect(notice?.what_to_do).toContain('12:01:00 UTC');
  });

  test('one that cannot be reached is told with what to look at', () => {
    const notice = noticeOf({
      circuit: 'open',
      reason: 'TMDb cannot be reached: no route.',
      openedAtMs: nowMs,
    });
    expect(notice).toMatchObject({ code: 'tmdb_unreachable', sentence: 'TMDb cannot be reached: no route.' });
    for (const setting of ['TMDB_BASE_URL', 'HTTPS_PROXY']) expect(notice?.what_to_do).toContain(setting);
  });
});

test.each([
  ['none came yet', null, ['no_worker']],
  ['one was there a while ago', minutesAgo(2), ['no_worker']],
  ['one is there', nowMs - 20_000, []],
])('a worker: %s', (_, workerSeenAtMs, codes) => {
  expect(codesOf({ workerSeenAtMs })).toEqual(codes as never);
});

describe('a mirror that ages', () => {
  const trendingAt = (lastSuccessMs: number | null, isRunning = false) => ({
    jobs: [{ job: 'trending', lastSuccessMs, isRunning }],
  });

  test('is told with the job and its last success', () => {
    const notice = noticeOf(trendingAt(nowMs - 9 * hourMs));
    expect(notice).toMatchObject({
      code: 'mirror_ages',
      sentence: 'The mirror ages. Last success: Trending lists 9 hours ago.',
      sinceMs: nowMs - 9 * hourMs,
    });
  });

  test('is not told of what is late by little, runs just now, never ran, or is nobody’s hurry', () => {
    expect(codesOf(trendingAt(nowMs - 5 * hourMs))).toEqual([]);
    expect(codesOf(trendingAt(nowMs - 9 * hourMs, true))).toEqual([]);
    expect(codesOf(trendingAt(null))).toEqual([]);
    expect(
      codesOf({ jobs: [{ job: 'purge', lastSuccessMs: nowMs - 900 * hourMs, isRunning: false }] }),
    ).toEqual([]);
  });

  test('is not told while a worker that has just started catches up', () => {
    expect(codesOf({ ...trendingAt(nowMs - 90 * hourMs), workerStartedAtMs: minutesAgo(2) })).toEqual([]);
  });
});

test.each([
  [gb(60), gb(250), false],
  [gb(1.5), gb(4), true],
  [gb(9), gb(250), true],
  [gb(9), gb(20), false],
  [gb(11), gb(2000), false],
])('a disk with %d bytes of %d left', (freeBytes, totalBytes, isTold) => {
  expect(codesOf({ disk: { freeBytes, totalBytes } })).toEqual(isTold ? ['disk_fills'] : []);
});

test('a folder that does not exist has no disk to fill', () => {
  expect(codesOf({ disk: undefined })).toEqual([]);
});

test.each([
  [4900, undefined],
  [-4900, undefined],
  [61_000, 'The clock of this machine is 61 s ahead of the clock of PostgreSQL.'],
  [-7000, 'The clock of this machine is 7 s behind the clock of PostgreSQL.'],
])('a clock that is %d ms ahead', (clockAheadMs, sentence) => {
  expect(noticeOf({ clockAheadMs })?.sentence).toBe(sentence as never);
});

test('several at once come with the most urgent first', () => {
  expect(
    codesOf({ circuit: 'open', clockAheadMs: 9000, disk: { freeBytes: 1, totalBytes: gb(10) } }),
  ).toEqual(['tmdb_unreachable', 'disk_fills', 'clock_differs']);
});
