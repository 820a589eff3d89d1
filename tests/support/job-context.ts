import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { type JobContext, noCounts } from '#worker/runner/handler.ts';
import { Losses } from '#worker/tmdb/wire/losses.ts';

/** For a handler that a test calls itself, without queue or run. */
export function jobContext(database: Database, changes: Partial<JobContext> = {}): JobContext {
  const counts = changes.counts ?? noCounts();
  return {
    em: database.orm.em.fork(),
    get tmdb(): JobContext['tmdb'] {
      throw new Error('this test gave its job no TMDb');
    },
    mirror: { scope: 'trending', popularPages: 5, spareCallsPerSecond: 0, languages: 'all', regions: ['US'] },
    signal: new AbortController().signal,
    now: () => new Date(),
    clockDoubt: () => undefined,
    log: createLog({ level: 'silent', name: 'test' }),
    counts,
    losses: new Losses(counts),
    progress: () => {},
    ...changes,
  };
}
