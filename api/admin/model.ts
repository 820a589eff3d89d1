import { z } from 'zod';
import { type SyncJobName, syncJobNames } from '#shared/jobs/catalog.ts';
import { runStatuses, runTriggers } from '#shared/sync/sync-run.ts';
import { pageQuery } from '../http/input/page-query.ts';

const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

export const RunsQuery = z.object({
  job: z.enum(syncJobNames as [SyncJobName, ...SyncJobName[]], oneOf(syncJobNames)).optional(),
  status: z.enum(runStatuses, oneOf(runStatuses)).optional(),
  ...pageQuery,
});
export type RunsQuery = z.infer<typeof RunsQuery>;

export const EventsQuery = RunsQuery.pick({ job: true });

export const RunParams = z.object({ id: z.guid('must be a UUID') });

export const RequestedRun = z.object({ run_id: z.uuid(), job: z.string() });
export type RequestedRun = z.infer<typeof RequestedRun>;

const count = z.int().min(0);
const time = z.iso.datetime();

export const SyncRun = z.object({
  id: z.uuid(),
  job: z.string(),
  trigger: z.enum(runTriggers),
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
  progress: z.number().min(0).max(1),
  error: z.string().nullable().meta({ description: 'Why it failed, as a sentence.' }),
  error_code: z.string().nullable(),
});
export type SyncRun = z.infer<typeof SyncRun>;
