/** Ends the run of a job that nobody holds any more, so that another may start. $1: the job. */
export const closeAbandonedStatement = `
  update sync_runs set status = 'failed', finished_at = now(), lease_owner = null, lease_until = null,
    error_code = 'internal_error', error = 'The process that worked on it ended, and nothing took it up again.'
  where job = $1 and status in ('queued', 'running') and (lease_until is null or lease_until < now())`;
