import { z } from 'zod';
import { circuitStates } from '#shared/upstream/upstream.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { exampleTime } from '../http/contract/example-values.ts';
import { ServiceNotice } from '../notices/model.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

/** As the table says it: `unknown` is nothing but that TMDb once had none. */
const RecordCounts = z.object({ detailed: count, unknown: count, gone: count });

export const MirrorOverview = z.object({
  movies: count.meta({ description: 'All movies: the sum of the next five numbers.' }),
  detailed: count,
  listed: count,
  unknown: count,
  gone: count,
  purged: count,
  stale: count.meta({ description: 'Movies with details that are due for a refresh.' }),
  people: count,
  records: z
    .object({ person: RecordCounts, collection: RecordCounts, company: RecordCounts })
    .meta({ description: 'What somebody asked for beside movies, by state.' }),
  genres: count,
  oldest_fetched_at: time.nullable(),
  newest_fetched_at: time.nullable(),
  changes_read_until: time.nullable().meta({
    description: 'Until when it is known what TMDb has changed. Null before the first run of `changes`.',
  }),
  counted_at: time.meta({
    description:
      'Counting a large mirror takes a while: then the figures are a minute old, or as old as the last time that somebody looked.',
  }),
  last_success_at: z
    .record(z.string(), time.nullable())
    .meta({ description: 'For each job, when it last succeeded.' }),
});
export type MirrorOverview = z.infer<typeof MirrorOverview>;

export const QueueOverview = z.object({
  name: z.string(),
  up: z
    .boolean()
    .meta({ description: 'Whether the store of the queue answered. If not, the figures are null.' }),
  waiting: count.nullable(),
  active: count.nullable(),
  delayed: count.nullable(),
  failed: count.nullable(),
  completed: count.nullable(),
  workers: count
    .nullable()
    .meta({ description: 'Worker processes that take jobs from it. Null if unknown.' }),
});
export type QueueOverview = z.infer<typeof QueueOverview>;

export const TmdbOverview = z.object({
  identity: z.string().nullable().meta({ description: 'The upstream that filled this mirror.' }),
  circuit: z.enum(circuitStates),
  reason: z.string().nullable(),
  retry_at: time.nullable(),
  paused_until: time.nullable(),
  last_success_at: time.nullable(),
  window_hours: count.meta({ description: 'The figures below cover this many hours.' }),
  requests: z.array(
    z.object({
      endpoint: z.string(),
      status: z
        .union([z.int(), z.literal('failed')])
        .meta({ description: 'The HTTP status, or `failed` if no answer came.' }),
      count,
    }),
  ),
  rate_limited: count.meta({ description: 'Answers with 429.' }),
  limiter: z.object({
    granted: count,
    waited_ms: z.number().min(0),
    mean_wait_ms: z.number().min(0).nullable(),
    max_rps: count.nullable().meta({
      description: 'Calls per second that all workers together may make. Null while no worker runs.',
    }),
  }),
  by_minute: z
    .array(
      z.object({
        minute: time,
        requests: count,
        rate_limited: count,
        failed: count,
        mean_wait_ms: z.number().min(0).nullable(),
      }),
    )
    .meta({ description: 'The last hour, oldest minute first. Minutes without calls are included.' }),
});
export type TmdbOverview = z.infer<typeof TmdbOverview>;

export const UsersOverview = z.object({
  total: count,
  admins: count,
  sessions: count.meta({ description: 'Sessions that have not ended.' }),
  new_last_7_days: count,
});
export type UsersOverview = z.infer<typeof UsersOverview>;

export const AdminOverview = z.object({
  notices: z
    .array(ServiceNotice)
    .meta({ description: 'What you should know and act on, the most urgent first. Empty if all is well.' }),
  mirror: MirrorOverview,
  queues: z.array(QueueOverview),
  tmdb: TmdbOverview,
  users: UsersOverview,
  failures: count.meta({ description: 'Jobs that failed for good and have not succeeded since.' }),
});
describeSchema(AdminOverview, {
  name: 'AdminOverview',
  example: {
    notices: [
      {
        code: 'disk_fills',
        sentence: 'The disk with NEXUS_DATA_DIR has 1.6 GB of 40.0 GB left.',
        since: exampleTime,
        what_to_do: 'Free some space, or move the folder to a larger disk while the service is stopped.',
      },
    ],
    mirror: {
      movies: 1200,
      detailed: 1150,
      listed: 40,
      unknown: 7,
      gone: 2,
      purged: 1,
      stale: 12,
      people: 30500,
      records: {
        person: { detailed: 420, unknown: 3, gone: 1 },
        collection: { detailed: 38, unknown: 0, gone: 0 },
        company: { detailed: 12, unknown: 1, gone: 0 },
      },
      genres: 19,
      oldest_fetched_at: '2026-11-13T08:15:30.000Z',
      newest_fetched_at: exampleTime,
      changes_read_until: exampleTime,
      counted_at: exampleTime,
      last_success_at: {
        genres: exampleTime,
        trending: exampleTime,
        export: null,
        changes: exampleTime,
        details: exampleTime,
        neighbours: exampleTime,
        purge: null,
      },
    },
    queues: [
      { name: 'sync', up: true, waiting: 0, active: 1, delayed: 6, failed: 0, completed: 0, workers: 1 },
    ],
    tmdb: {
      identity: 'https://api.themoviedb.org/3',
      circuit: 'closed',
      reason: null,
      retry_at: null,
      paused_until: null,
      last_success_at: exampleTime,
      window_hours: 24,
      requests: [{ endpoint: '/movie/{id}', status: 200, count: 1150 }],
      rate_limited: 0,
      limiter: { granted: 1150, waited_ms: 36000, mean_wait_ms: 31.3, max_rps: 30 },
      by_minute: [
        { minute: '2026-11-20T08:15:00.000Z', requests: 42, rate_limited: 0, failed: 0, mean_wait_ms: 31.3 },
      ],
    },
    users: { total: 3, admins: 1, sessions: 4, new_last_7_days: 1 },
    failures: 0,
  },
});
export type AdminOverview = z.infer<typeof AdminOverview>;
