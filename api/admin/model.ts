import { z } from 'zod';
import { runTriggers, type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import { runStatuses } from '#shared/sync/sync-run.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { exampleRunId, exampleTime, exampleUserId } from '../http/contract/example-values.ts';
import { cursorQuery } from '../http/input/page-query.ts';
import { queryObject } from '../http/input/query-object.ts';

const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

const jobName = z.enum(syncJobNames as [SyncJobName, ...SyncJobName[]], oneOf(syncJobNames));

export const RunsQuery = cursorQuery({
  job: jobName.optional(),
  status: z.enum(runStatuses, oneOf(runStatuses)).optional(),
});
export type RunsQuery = z.infer<typeof RunsQuery>;

export const EventsQuery = queryObject({ job: jobName.optional() });

export const RunParams = z.object({ id: z.guid('must be a UUID') });

export const RequestedRun = z.object({ run_id: z.uuid(), job: z.string() });
describeSchema(RequestedRun, {
  name: 'RequestedRun',
  example: { run_id: exampleRunId, job: 'trending' },
});
export type RequestedRun = z.infer<typeof RequestedRun>;

const count = z.int().min(0);
const time = z.iso.datetime();

export const SyncRun = z.object({
  id: z.uuid(),
  job: z.string(),
  trigger: z
    .enum(runTriggers)
    .meta({ description: 'What started it; `follow-up`: the success of another job.' }),
  requested_by: z.uuid().nullable().meta({ description: 'The administrator who requested it.' }),
  status: z.enum(runStatuses),
  queued_at: time,
  started_at: time.nullable(),
  finished_at: time.nullable(),
  counts: z.object({
    seen: count,
    created: count,
    updated: count,
    unchanged: count,
    gone: count,
    failed: count,
  }),
  at_least: z
    .literal(true)
    .optional()
    .meta({ description: 'The run was interrupted: it did at least what `counts` say.' }),
  progress: z.number().min(0).max(1),
  error: z.string().nullable().meta({ description: 'Why it failed, as a sentence.' }),
  error_code: z.string().nullable(),
  losses: z
    .array(
      z.object({
        field: z.string().meta({
          description: 'Where it stands in TMDb’s answer; `stored`: our database refused the movie.',
        }),
        times: count,
        tmdb_ids: z.array(z.int()).meta({ description: 'Some of the movies that it was of.' }),
      }),
    )
    .optional()
    .meta({
      description:
        'What TMDb sent and could not be used, by field. The movies have `null` there; a row without a usable id or title is left out, and counts as failed. Absent if there is nothing.',
    }),
});
describeSchema(SyncRun, {
  name: 'SyncRun',
  example: {
    id: exampleRunId,
    job: 'trending',
    trigger: 'admin',
    requested_by: exampleUserId,
    status: 'running',
    queued_at: exampleTime,
    started_at: exampleTime,
    finished_at: null,
    counts: { seen: 200, created: 12, updated: 40, unchanged: 148, gone: 0, failed: 0 },
    progress: 0.5,
    error: null,
    error_code: null,
  },
});
export type SyncRun = z.infer<typeof SyncRun>;
