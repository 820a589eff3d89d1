import type { JobContext } from '#worker/runner/handler.ts';

/** Counts and names a movie that the database refused. */
export const loseRefused =
  ({ losses, log }: JobContext) =>
  ({ tmdb_id }: { tmdb_id: number }, error: unknown) => {
    losses.row('stored', tmdb_id);
    log.warn({ tmdb_id, err: error }, 'the database refused a movie');
  };
