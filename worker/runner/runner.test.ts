import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { NexusError } from '#shared/errors.ts';
import type { RunTrigger } from '#shared/jobs/catalog.ts';
import { createLog } from '#shared/log.ts';
import { movement } from '#shared/movement.ts';
import type { Database } from '#shared/orm/database.ts';
import { openQueues, type Queues } from '#shared/queues/queue.ts';
import { testDatabase } from '#tests/support/database.ts';
import { hasRedis, type TestRedis, testRedis } from '#tests/support/redis.ts';
import { until } from '#tests/support/until.ts';
import { handlers } from '../handlers.ts';
import type { TmdbClient } from '../tmdb/tmdb-client.ts';
import { PutOff } from './handler.ts';
import { requeueLostRuns } from './requeue-lost-runs.ts';
import { createProcessor } from './runner.ts';

const log = createLog({ level: 'silent', name: 'test' });

/** A TMDb of which this test uses one call; any other is a bug of the test. */
function tmdbWhose(genres: TmdbClient['genres']): TmdbClient {
  const unused = () => {
    throw new Error('not part of this test');
  };
  return {
    genres,
    trending: unused,
    popular: unused,
    changes: unused,
    changedPeople: unused,
    movieList: unused,
    people: unused,
    document: unused,
    genresIn: unused,
    record: unused,
    movie: unused,
    findByImdbId: unused,
    searchMovies: unused,
    searchPeople: unused,
    searchNamed: unused,
    discover: unused,
    exportedIds: unused,
    callsAtOnce: () => 1,
    [Symbol.asyncDispose]: async () => {},
  };
}

interface RecordedRun {
  status: string;
  seen: number;
  created: number;
  error: string | null;
  error_code: string | null;
  trigger: RunTrigger;
}

interface Runner extends AsyncDisposable {
  database: Database;
  queues: Queues;
  runs(): Promise<RecordedRun[]>;
  /** As an admin's request leaves it, unless something else started it. */
  request(lease: string, forced?: boolean, trigger?: RunTrigger): Promise<string>;
}

// Each has a database and queues of its own, and those that wait most of their time do so together.
for (const kind of hasRedis ? (['postgres', 'redis'] as const) : (['postgres'] as const))
  describe.concurrent(`the runner, with queues on ${kind}`, () => {
    let redis: TestRedis | undefined;
    beforeAll(async () => {
      redis = kind === 'redis' ? await testRedis() : undefined;
    });
    afterAll(() => redis?.[Symbol.asyncDispose]());

    async function run(
      genres: TmdbClient['genres'],
      stillMs?: number,
      others: Partial<typeof handlers> = {},
      queueName: 'sync' | 'background' = 'sync',
    ): Promise<Runner> {
      await using stack = new AsyncDisposableStack();
      const database = stack.use(await testDatabase());
      const queues = stack.use(
        await openQueues({
          redisUrl: redis?.url,
          database,
          log,
          role: 'worker',
          prefix: `t${Bun.randomUUIDv7()}`,
        }),
      );
      const stopping = new AbortController();
      const worker = queues.worker(
        queueName,
        createProcessor({
          database,
          queues,
          handlers: { ...handlers, ...others },
          tmdb: tmdbWhose(genres),
          mirror: {
            scope: 'trending',
            popularPages: 1,
            spareCallsPerSecond: 0,
            languages: 'all',
            regions: ['US'],
          },
          log,
          stopping: stopping.signal,
          ...(stillMs === undefined ? {} : { stillMs }),
        }),
        { concurrency: 2 },
      );
      stack.defer(() => worker.close());
      void worker.run();
      const owned = stack.move();
      return {
        database,
        queues,
        runs: async () =>
          (
            await database.pool.query(
              'select status, seen, created, error, error_code, trigger from sync_runs order by queued_at, id',
            )
          ).rows,
        async request(lease, forced = false, trigger = 'admin') {
          const id = Bun.randomUUIDv7();
          await database.pool.query(
            `insert into sync_runs (id, job, trigger, forced, status, lease_until)
             values ($1, 'genres', $4, $2, 'queued', now() + $3::interval)`,
            [id, forced, lease, trigger],
          );
          return id;
        },
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      };
    }

    const enqueue = (queues: Queues) => queues.enqueue('genres', { trigger: 'admin' });

    test.serial('runs a job, and records the run with its counts', async () => {
      await using on = await run(async () => [{ id: 1, name: 'One' }]);
      await enqueue(on.queues);
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
      expect(await on.runs()).toEqual([
        { status: 'succeeded', seen: 1, created: 1, error: null, error_code: null, trigger: 'admin' },
      ]);
    });

    test('waits for an upstream that is away without burning attempts, and ends in the same run', async () => {
      let calls = 0;
      await using on = await run(async () => {
        calls++;
        // More often than the job has attempts.
        if (calls <= 7) throw new NexusError('upstream_unavailable', 'TMDb is away.', { retryAfterMs: 1 });
        return [{ id: 1, name: 'One' }];
      });
      await enqueue(on.queues);
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
      expect(calls).toBe(8);
      expect(await on.runs()).toHaveLength(1);
    }, 120_000);

    test('who gives way comes after all who had fewer turns, however many go on and on', async () => {
      const turnMs = new Map([100, 130, 170].map((ms) => [Bun.randomUUIDv7(), ms]));
      const turns: string[] = [];
      const imports: (typeof handlers)['users.import'] = async ({ importId }) => {
        turns.push(importId);
        const ms = turnMs.get(importId);
        if (ms === undefined) return;
        await Bun.sleep(ms);
        throw new PutOff('it goes on and on', 5, { givesWay: true });
      };
      await using on = await run(async () => [], undefined, { 'users.import': imports }, 'background');
      for (const importId of turnMs.keys()) await on.queues.enqueue('users.import', { importId });
      await until(() => turns.length > 12);
      const late = Bun.randomUUIDv7();
      const before = turns.length;
      await on.queues.enqueue('users.import', { importId: late });
      await until(() => turns.includes(late) && turns.length > before + 30);
      expect(turns.indexOf(late)).toBeLessThan(before + 5);
      const counts = [...turnMs.keys()].map((id) => turns.filter((turn) => turn === id).length);
      expect(Math.min(...counts)).toBeGreaterThan(turns.length / 6);
    }, 120_000);

    test('a job moves by its progress, wherever that is told from', async () => {
      const slow: (typeof handlers)['genres'] = async (_payload, { progress }) => {
        for (let part = 1; part <= 8; part++) {
          await Bun.sleep(600);
          // As from the message of a thread, which knows nothing of the job.
          movement.exit(() => progress(part / 8));
        }
      };
      await using on = await run(async () => [], 3000, { genres: slow });
      await enqueue(on.queues);
      await until(async () => ['succeeded', 'failed'].includes((await on.runs())[0]?.status ?? ''));
      expect((await on.runs()).map(({ status }) => status)).toEqual(['succeeded']);
    });

    test('a job that hangs ends by itself, keeps no lease, and is tried again', async () => {
      let calls = 0;
      await using on = await run(
        () => (++calls === 1 ? new Promise<never>(() => {}) : Promise.resolve([{ id: 1, name: 'One' }])),
        1500,
      );
      await enqueue(on.queues);
      await until(async () => (await on.runs())[0]?.status === 'succeeded', 30_000);
      expect(calls).toBe(2);
      expect(await on.runs()).toHaveLength(1);
    }, 120_000);

    test.serial('gives up at once where trying again would not help, and says why', async () => {
      let calls = 0;
      await using on = await run(async () => {
        calls++;
        return [];
      });
      await enqueue(on.queues);
      await until(async () => (await on.runs())[0]?.status === 'failed');
      expect(calls).toBe(1);
      expect((await on.runs())[0]).toMatchObject({ error_code: 'list_too_short' });
    });

    test('an error nobody foresaw leaks nothing into the run', async () => {
      let calls = 0;
      await using on = await run(async () => {
        calls++;
        if (calls === 1) throw new Error('password=hunter2 at /secret/path');
        return [{ id: 1, name: 'One' }];
      });
      await enqueue(on.queues);
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
      expect(JSON.stringify(await on.runs())).not.toContain('hunter2');
    }, 120_000);

    test('a second job of the same name waits for the first', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      let under = 0;
      let most = 0;
      await using on = await run(async () => {
        most = Math.max(most, ++under);
        await gate;
        under--;
        return [{ id: 1, name: 'One' }];
      });
      await enqueue(on.queues);
      await until(async () => (await on.runs()).length === 1);
      await enqueue(on.queues);
      await Bun.sleep(300);
      open();
      await until(async () => (await on.runs()).filter((row) => row.status === 'succeeded').length === 2);
      expect(most).toBe(1);
    }, 120_000);

    const isAtRest = async (queues: Queues) => {
      const counts = await queues.queue('sync').getJobCounts('active', 'waiting', 'delayed');
      return Object.values(counts).every((count) => count === 0);
    };

    test.serial(
      'a run that was asked for is worked on once, though a tick of the schedule took it up first',
      async () => {
        let calls = 0;
        await using on = await run(async () => {
          calls++;
          return [{ id: 1, name: 'One' }];
        });
        const id = await on.request('-1 minute');
        await on.queues.enqueue('genres', { trigger: 'schedule' });
        await until(async () => (await on.runs())[0]?.status === 'succeeded');
        await on.queues.enqueue('genres', { trigger: 'admin', runId: id });
        await until(() => isAtRest(on.queues));
        expect([calls, (await on.runs()).length]).toEqual([1, 1]);
      },
    );

    test.serial('a run whose job was lost with the queue is put back into it, once', async () => {
      await using on = await run(async () => [{ id: 1, name: 'One' }]);
      await on.request('-20 seconds');
      await requeueLostRuns(on.database.orm.em.getKysely(), on.queues, log);
      expect(await isAtRest(on.queues)).toBe(true);
      await on.database.pool.query("update sync_runs set lease_until = now() - interval '1 hour'");
      for (const _ of [1, 2]) await requeueLostRuns(on.database.orm.em.getKysely(), on.queues, log);
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
      await until(() => isAtRest(on.queues));
      expect(await on.runs()).toHaveLength(1);
    });

    test.serial('a lost run that is put back keeps what started it', async () => {
      await using on = await run(async () => [{ id: 1, name: 'One' }]);
      await on.queues.queue('sync').pause();
      const id = await on.request('-1 hour', false, 'follow-up');
      await requeueLostRuns(on.database.orm.em.getKysely(), on.queues, log);
      const job = await on.queues.queue('sync').getJob(`run-${id}`);
      expect(job?.data).toMatchObject({ trigger: 'follow-up', runId: id });
      await on.queues.queue('sync').resume();
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
      expect((await on.runs())[0]).toMatchObject({ trigger: 'follow-up' });
    });

    test.serial('a job that succeeds starts those that follow it, and their runs say so', async () => {
      await using on = await run(async () => []);
      await on.queues.enqueue('export', { trigger: 'admin' });
      await until(async () => (await on.runs()).filter((row) => row.status === 'succeeded').length === 2);
      expect((await on.runs()).map((row) => row.trigger)).toEqual(['admin', 'follow-up']);
    });

    test.serial(
      'of a live run a tick of the schedule is served, and a follow-up waits for its end',
      async () => {
        await using on = await run(async () => [{ id: 1, name: 'One' }]);
        await on.request('1 hour');
        const delayed = async () => (await on.queues.queue('sync').getJobCounts('delayed')).delayed;
        await on.queues.enqueue('genres', { trigger: 'schedule' });
        await until(() => isAtRest(on.queues));
        await on.queues.enqueue('genres', { trigger: 'follow-up' });
        await until(async () => (await delayed()) === 1);
      },
    );

    test.serial('a forced run goes beyond the limit, also when its own job was lost', async () => {
      await using on = await run(async () => [{ id: 1, name: 'One' }]);
      await on.database.pool.query("insert into list_snapshots values ('genres', 19, now())");
      await on.request('-1 hour', true);
      await requeueLostRuns(on.database.orm.em.getKysely(), on.queues, log);
      await until(async () => (await on.runs())[0]?.status === 'succeeded');
    });
  });
