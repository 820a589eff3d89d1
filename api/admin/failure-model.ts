import { z } from 'zod';
import { type JobName, jobNames, queueNames } from '#shared/jobs/catalog.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { exampleRunId, exampleTime } from '../http/contract/example-values.ts';
import { pagedQuery } from '../http/input/page-query.ts';

const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

export const FailuresQuery = pagedQuery({
  queue: z.enum(queueNames, oneOf(queueNames)).optional(),
  job: z.enum(jobNames as [JobName, ...JobName[]], oneOf(jobNames)).optional(),
});
export type FailuresQuery = z.infer<typeof FailuresQuery>;

export const FailureParams = z.object({ id: z.guid('must be a UUID') });

const count = z.int().min(0);
const time = z.iso.datetime();

export const JobFailure = z.object({
  id: z.uuid(),
  queue: z.string(),
  job: z.string(),
  subject: z.string().meta({
    description: 'What the job was for, such as the id of a movie or of an import. Empty if nothing.',
  }),
  code: z.string(),
  message: z.string().meta({ description: 'Why it failed the last time, as a sentence.' }),
  attempts: count.meta({ description: 'How many attempts were made the last time.' }),
  times: count.meta({ description: 'How often it has failed for good since its last success.' }),
  first_failed_at: time,
  last_failed_at: time,
});
describeSchema(JobFailure, {
  name: 'JobFailure',
  example: {
    id: exampleRunId,
    queue: 'sync',
    job: 'genres',
    subject: '',
    code: 'list_too_short',
    message: 'TMDb’s list “genres” has 0 entries. It had 19 before, so the old list was kept.',
    attempts: 1,
    times: 2,
    first_failed_at: exampleTime,
    last_failed_at: exampleTime,
  },
});
export type JobFailure = z.infer<typeof JobFailure>;

export const ReplayedJob = z.object({
  job: z.string(),
  run_id: z.uuid().nullable().meta({ description: 'Null for jobs whose runs are not recorded.' }),
});
describeSchema(ReplayedJob, {
  name: 'ReplayedJob',
  example: { job: 'genres', run_id: exampleRunId },
});
export type ReplayedJob = z.infer<typeof ReplayedJob>;
