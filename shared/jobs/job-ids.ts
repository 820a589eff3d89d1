import { createHash } from 'node:crypto';
import { type JobName, type JobSpec, jobs } from './catalog.ts';

// The queue's ids of jobs: two jobs of one id are one job. A queue takes neither a colon in them nor a whole number.

/** The id of a job that is about something. A scheduled job has no id of its own. */
export function jobIdOf(name: JobName, payload: unknown): string | undefined {
  const spec: JobSpec = jobs[name];
  const about = (payload as Record<string, unknown>)[spec.recorded ? 'runId' : spec.subject];
  return about === undefined ? undefined : `${spec.idPrefix}-${namedIn(spec, String(about))}`;
}

/** Of the job that a worker's start makes worth running. */
export const startJobId = (job: JobName): string => `start-${job}`;

/** Of the job that follows another one: successes in a row are followed by one. */
export const followUpJobId = (job: JobName, next: JobName): string => `after-${job}-${next}`;

/** Of a failed job that is asked for again: asked for twice, it is one. */
export const replayJobId = (job: JobName, subject: string): string =>
  `replay-${job}-${namedIn(jobs[job], subject)}`;

/** Queues note ids in lists that outlive the job, and perhaps the account: a user stands in them as a hash. */
const namedIn = (spec: JobSpec, about: string): string =>
  !spec.recorded && spec.subject === 'userId'
    ? createHash('sha256').update(about).digest('base64url').slice(0, 22)
    : about;
