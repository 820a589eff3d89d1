import { defineEntity, p } from '@mikro-orm/core';

/** What failed for good and has not succeeded since: one row a job and subject. The queue may forget it; this does not. */
export const JobFailure = defineEntity({
  name: 'JobFailure',
  tableName: 'job_failures',
  properties: {
    id: p.uuid().primary(),
    queue: p.string().length(32),
    job: p.string().length(64),
    /** What the job is about (a movie's id, an import's…); empty where the job says it all. */
    subject: p.string().length(64),
    /** As it was, so that it can be asked for again. */
    payload: p.json(),
    code: p.string().length(32),
    /** A sentence for the admin; the cause is in the log. */
    message: p.text(),
    attempts: p.integer(),
    times: p.integer().default(1),
    first_failed_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    last_failed_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
  indexes: [{ name: 'job_failures_last_failed_at_index', properties: ['last_failed_at'] }],
  uniques: [{ name: 'job_failures_job_subject_unique', properties: ['job', 'subject'] }],
});
