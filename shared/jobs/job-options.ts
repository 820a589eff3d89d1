import { type JobName, type JobSpec, jobs } from './catalog.ts';

/** What the queue is told of a job, as the catalogue has it. One with an id never stays: no other could have that id. */
export function jobOptionsOf(name: JobName, jobId?: string) {
  const { attempts, backoffMs, kept }: JobSpec = jobs[name];
  const stays = jobId === undefined ? kept : undefined;
  return {
    attempts,
    backoff: { type: 'exponential' as const, delay: backoffMs },
    removeOnComplete: stays === undefined || { age: stays.completedSeconds, count: stays.atMost },
    removeOnFail: stays === undefined || { age: stays.failedSeconds, count: stays.atMost },
    ...(jobId === undefined ? {} : { jobId }),
  };
}
