import { defineEntity, p } from '@mikro-orm/core';
import { type RunTrigger, runTriggers } from '../jobs/catalog.ts';
import { User } from '../users/user.ts';

export const runStatuses = ['queued', 'running', 'succeeded', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];
/** What a run counts, by columns of its row. */
export const runCountNames = ['seen', 'created', 'updated', 'unchanged', 'gone', 'failed'] as const;
export type RunCounts = Record<(typeof runCountNames)[number], number>;

/** A field of TMDb's answers whose values could not be used. */
export interface RunLoss {
  /** Where it stands in the answer: `vote_count`, `results.id`, `credits.cast`. `stored`: the database refused the row. */
  field: string;
  times: number;
  /** Some of the movies that it was of. */
  tmdb_ids: number[];
}

const listed = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** One run of a job that an admin can trigger. Live while its lease is: a crash never leaves it stuck. */
export const SyncRun = defineEntity({
  name: 'SyncRun',
  tableName: 'sync_runs',
  properties: {
    id: p.uuid().primary(),
    job: p.string().length(32),
    trigger: p.string().length(16).$type<RunTrigger>(),
    requested_by: () =>
      p
        .manyToOne(User)
        .joinColumn('requested_by')
        .nullable()
        .deleteRule('set null')
        .updateRule('no action')
        .index(false),
    /** The admin's name for the request: a repetition of it within a day is answered with the same run. */
    idempotency_key: p.string().length(255).nullable(),
    /** Whether it may go beyond the job's limit: also when another job of its kind takes it up. */
    forced: p.boolean().default(false),
    status: p.string().length(16).$type<RunStatus>(),
    /** It was interrupted, so that what it counted last may be missing. */
    at_least: p.boolean().default(false),
    queued_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    started_at: p.datetime().columnType('timestamptz').nullable(),
    finished_at: p.datetime().columnType('timestamptz').nullable(),
    seen: p.integer().default(0),
    created: p.integer().default(0),
    updated: p.integer().default(0),
    unchanged: p.integer().default(0),
    gone: p.integer().default(0),
    failed: p.integer().default(0),
    /** What of TMDb's answers could not be used. */
    losses: p.json<RunLoss[]>().default('[]'),
    progress: p.float().columnType('double precision').default(0),
    /** A sentence for the admin; the cause is in the log. */
    error: p.text().nullable(),
    error_code: p.string().length(32).nullable(),
    /** The queue's job that works on it: a stalled job that is taken up again resumes its own run. */
    queue_job_id: p.text().nullable(),
    lease_owner: p.text().nullable(),
    lease_until: p.datetime().columnType('timestamptz').nullable(),
  },
  // A trigger, so that no writer has to remember the notice.
  triggers: [
    {
      name: 'sync_runs_tell',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger sync_runs_tell after insert or update on sync_runs for each row execute function tell_of_run()',
    },
  ],
  indexes: [
    {
      name: 'sync_runs_job_queued_at_index',
      expression: 'create index sync_runs_job_queued_at_index on sync_runs (job, queued_at desc)',
    },
    { name: 'sync_runs_queued_at_index', properties: ['queued_at'] },
    {
      name: 'sync_runs_idempotency_index',
      expression:
        'create index sync_runs_idempotency_index on sync_runs (requested_by, idempotency_key) where idempotency_key is not null',
    },
    {
      name: 'sync_runs_one_live_per_job',
      expression:
        "create unique index sync_runs_one_live_per_job on sync_runs (job) where status in ('queued', 'running')",
    },
  ],
  checks: [
    { name: 'sync_runs_trigger_check', expression: `trigger in (${listed(runTriggers)})` },
    { name: 'sync_runs_status_check', expression: `status in (${listed(runStatuses)})` },
  ],
});
