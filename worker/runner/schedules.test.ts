import { describe, expect, test } from 'bun:test';
import { syncJobNames } from '#shared/jobs/catalog.ts';
import { createLog } from '#shared/log.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { until } from '#tests/support/until.ts';
import { agreeSchedules, dueAtStart, keepSchedules, listsCron } from './schedules.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-22T12:00:00Z');

/** Of the jobs whose rules are tested here; a new job brings a test of its own. */
const tested: readonly string[] = [
  'genres',
  'trending',
  'lists',
  'reference',
  'export',
  'people',
  'details',
  'neighbours',
  'purge',
];
const dueOf = (lastSuccess: ReadonlyMap<string, number>) =>
  dueAtStart(lastSuccess, now).filter((name) => tested.includes(name));

describe('what a start runs at once', () => {
  test('is everything the first time, details after the lists', () => {
    expect(dueOf(new Map())).toEqual([
      'genres',
      'trending',
      'lists',
      'reference',
      'export',
      'people',
      'neighbours',
    ]);
  });

  test('is what was missed while nothing ran', () => {
    const success = new Map([
      ['genres', now - hour],
      ['trending', now - 3 * hour],
      ['lists', now - 7 * hour],
      ['reference', now - 8 * 24 * hour],
      ['export', now - 30 * hour],
      ['people', now - hour],
      ['details', now - hour],
      ['neighbours', now - hour],
    ]);
    expect(dueOf(success)).toEqual(['trending', 'lists', 'reference', 'export']);
  });

  test('is only a look at the details when all is fresh', () => {
    const fresh = new Map(
      ['genres', 'trending', 'lists', 'reference', 'export', 'people', 'details', 'neighbours'].map(
        (name) => [name, now - 60_000],
      ),
    );
    expect(dueOf(fresh)).toEqual(['details']);
  });
});

test('a start asks for changes, unless it was done within a quarter of an hour', () => {
  const isDue = (agoMs: number) => dueAtStart(new Map([['changes', now - agoMs]]), now).includes('changes');
  expect([isDue(14 * 60_000), isDue(15 * 60_000)]).toEqual([false, true]);
});

describe('the schedules in the queue', () => {
  test('are made to agree with the catalogue, and what it no longer lists is removed', async () => {
    await using database = await testDatabase();
    const log = createLog({ level: 'silent', name: 'test' });
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    await queues
      .queue('sync')
      .upsertJobScheduler('retired', { pattern: '0 0 * * *', tz: 'UTC' }, { name: 'retired' });
    await agreeSchedules(queues, { log });
    await agreeSchedules(queues, { log });
    const schedulers = await queues.queue('sync').getJobSchedulers();
    expect(schedulers.map((scheduler) => scheduler.key).sort()).toEqual([...syncJobNames].sort());
    expect(schedulers.every((scheduler) => scheduler.tz === 'UTC')).toBe(true);
  });

  test('of lists is as often as the setting says', async () => {
    await using database = await testDatabase();
    const log = createLog({ level: 'silent', name: 'test' });
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    for (const everyHours of [6, 24]) {
      await agreeSchedules(queues, { log, crons: { lists: listsCron(everyHours) } });
      const scheduler = await queues.queue('sync').getJobScheduler('lists');
      expect(scheduler?.pattern).toBe(`33 */${everyHours} * * *`);
    }
  });

  test('are put back when the queue’s store lost them', async () => {
    await using database = await testDatabase();
    const log = createLog({ level: 'silent', name: 'test' });
    await using queues = await openQueues({ redisUrl: undefined, database, log, role: 'worker' });
    await agreeSchedules(queues, { log });
    using _kept = keepSchedules(queues, { log }, 50);
    await queues.queue('sync').removeJobScheduler('trending');
    await until(async () => (await queues.queue('sync').getJobSchedulers()).length === syncJobNames.length);
  });
});
