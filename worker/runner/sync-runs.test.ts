import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { runStatement } from '#shared/db/run-statement.ts';
import type { Database } from '#shared/orm/database.ts';
import { runLife } from '#shared/sync/run-life.ts';
import { testDatabase } from '#tests/support/database.ts';
import { noCounts } from './handler.ts';
import { finishRun, type RunStart, recordProgress, releaseRun, startRun } from './sync-runs.ts';

let database: Database;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.pool.query('truncate sync_runs'));

const on = () => database.orm.em.getKysely();
const start = (queueJobId: string, runId?: string) =>
  startRun(on(), { job: 'trending', trigger: 'schedule', queueJobId, runId });
const idOf = (started: RunStart) => ('run' in started ? started.run.id : expect.unreachable());
const rows = async () => (await database.pool.query('select * from sync_runs order by queued_at')).rows;
/** As if another process held it. */
const byAnother = (lease: string) =>
  database.pool.query(`update sync_runs set lease_owner = 'another:1', lease_until = now() + $1::interval`, [
    lease,
  ]);

describe('a recorded run', () => {
  test('goes from running to succeeded with its counts', async () => {
    const id = idOf(await start('1'));
    expect(await recordProgress(on(), id, { ...noCounts(), seen: 5 }, 0.5)).toBe(true);
    expect((await rows())[0]).toMatchObject({ status: 'running', seen: 5, progress: 0.5, finished_at: null });
    await finishRun(on(), id, { ...noCounts(), seen: 9, created: 4 });
    expect((await rows())[0]).toMatchObject({
      status: 'succeeded',
      seen: 9,
      created: 4,
      progress: 1,
      error: null,
    });
  });

  test('keeps a second one of its job from starting while it is live', async () => {
    await start('1');
    expect(await start('2')).toEqual({ busy: 'another run is live' });
  });

  test('whose process died is taken up by whichever job of its kind comes first', async () => {
    const id = idOf(await start('1'));
    await recordProgress(on(), id, { ...noCounts(), seen: 7 }, 0.3);
    await byAnother('-1 second');
    expect(await start('2')).toMatchObject({ run: { id, counts: { seen: 7 } } });
    expect(await start('1')).toEqual({ busy: 'another run is live' });
    expect((await rows()).map((row) => row.status)).toEqual(['running']);
  });

  test('that nobody took up for long is closed as failed', async () => {
    await start('1');
    await byAnother('-1 hour');
    idOf(await start('2'));
    expect((await rows()).map((row) => row.status)).toEqual(['failed', 'running']);
  });

  test('is resumed, not begun anew, by the job it belongs to', async () => {
    const id = idOf(await start('1'));
    await recordProgress(on(), id, { ...noCounts(), seen: 7, failed: 2 }, 0.3);
    await byAnother('-1 second');
    const again = await start('1');
    expect(again).toMatchObject({ run: { id, counts: { seen: 5, failed: 0 } } });
    expect(await rows()).toHaveLength(1);
  });

  test('is not taken from a process that still holds its lease', async () => {
    await start('1');
    await byAnother('10 seconds');
    const again = await start('1');
    expect(again).toMatchObject({ busy: 'lease' });
    if ('leftMs' in again) expect(again.leftMs).toBeGreaterThan(2000);
  });

  test('is not held by a lease that a wrong clock wrote', async () => {
    const id = idOf(await start('1'));
    await byAnother('200 days');
    expect(idOf(await start('2'))).toBe(id);
    await byAnother('200 days');
    expect(await runStatement(on(), runLife.lost({ jobs: ['trending'] }))).toHaveLength(1);
    await runStatement(on(), runLife.closeAbandoned({ job: 'trending' }));
    expect((await rows()).map((row) => row.status)).toEqual(['failed']);
  });

  test('tells its process when it is no longer its own', async () => {
    const id = idOf(await start('1'));
    await byAnother('10 seconds');
    expect(await recordProgress(on(), id, noCounts(), 0.1)).toBe(false);
    await finishRun(on(), id, noCounts());
    expect((await rows())[0].status).toBe('running');
  });

  test('that waits for the upstream is queued, still live, and resumed', async () => {
    const id = idOf(await start('1'));
    await releaseRun(on(), id, { ...noCounts(), seen: 3 }, 1000);
    expect((await rows())[0]).toMatchObject({ status: 'queued', seen: 3 });
    expect(await start('2')).toEqual({ busy: 'another run is live' });
    expect(idOf(await start('1'))).toBe(id);
  });

  test('that was released tries again what had failed, and counts it once', async () => {
    const id = idOf(await start('1'));
    await releaseRun(on(), id, { ...noCounts(), seen: 5, failed: 2 }, 1000);
    expect((await rows())[0]).toMatchObject({ seen: 5, failed: 2 });
    expect(await start('1')).toMatchObject({ run: { id, counts: { seen: 3, failed: 0 } } });
  });
});

/** As an admin's request leaves it. */
async function request(lease = '1 minute', forced = false): Promise<string> {
  const id = Bun.randomUUIDv7();
  await database.pool.query(
    `insert into sync_runs (id, job, trigger, forced, status, lease_until)
     values ($1, 'trending', 'admin', $2, 'queued', now() + $3::interval)`,
    [id, forced, lease],
  );
  return id;
}

describe('a run that was asked for by name', () => {
  test.each(['1 minute', '-1 minute', '-1 day'])(
    'is taken up by its job, when its lease ends in %s',
    async (lease) => {
      const id = await request(lease);
      expect(idOf(await start('run-1', id))).toBe(id);
      expect((await rows())[0]).toMatchObject({ status: 'running', trigger: 'admin' });
    },
  );

  test('waits for its job: a tick of the schedule leaves it alone', async () => {
    await request();
    expect(await start('tick')).toEqual({ busy: 'another run is live' });
    expect((await rows())[0]).toMatchObject({ status: 'queued', queue_job_id: null });
  });

  test('whose job was late is taken up by a tick, and is over when the job comes', async () => {
    const id = await request('-1 minute');
    expect(idOf(await start('tick'))).toBe(id);
    expect(await start('run-1', id)).toMatchObject({ busy: 'lease' });
    await finishRun(on(), id, noCounts());
    expect(await start('run-1', id)).toEqual({ over: true });
    expect(await rows()).toHaveLength(1);
  });

  test('is not worked on twice, though both jobs came to the same process', async () => {
    const id = await request();
    await start('run-1', id);
    for (const _ of [1, 2]) expect(await start('run-2', id)).toMatchObject({ busy: 'lease' });
    expect(idOf(await start('run-1', id))).toBe(id);
  });

  test('and was taken back before it began leaves nothing to do', async () => {
    expect(await start('run-1', Bun.randomUUIDv7())).toEqual({ over: true });
    expect(await rows()).toEqual([]);
  });

  test('that is over does not make its job take up another one', async () => {
    const id = await request('-1 day');
    await start('tick');
    const [, other] = await rows();
    await byAnother('-1 second');
    expect(await start('run-1', id)).toEqual({ over: true });
    expect((await rows()).map((row) => [row.id, row.status])).toEqual([
      [id, 'failed'],
      [other.id, 'running'],
    ]);
  });

  test('keeps its permission to go beyond a limit, whoever takes it up', async () => {
    await request('-1 minute', true);
    expect(await start('tick')).toMatchObject({ run: { forced: true } });
  });
});

test('a run whose worker died counts at least what it says, and one that was put off says it all', async () => {
  const id = idOf(await start('1'));
  await releaseRun(on(), id, { ...noCounts(), seen: 3 }, 1000);
  await start('1');
  expect((await rows())[0]).toMatchObject({ at_least: false, seen: 3 });
  await byAnother('-1 second');
  await start('2');
  expect((await rows())[0]).toMatchObject({ at_least: true, seen: 3 });
});
