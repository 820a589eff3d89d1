import { LRUCache } from 'lru-cache';
import type { FetchJobName } from '#shared/jobs/catalog.ts';
import type { Log } from '#shared/log.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { Refresh } from '../http/answers/mirror-meta.ts';
import type { UpstreamStatus } from './upstream-status.ts';

const onceInMs = 60_000;
const remembered = 50_000;

export interface Refreshes {
  /** Asks the worker for a newer version, at most once a minute for each movie. Never waits. */
  ask(tmdbId: number): Refresh;
}

interface RefreshesDeps {
  /** What fetches it: a movie, unless it says something else. */
  job?: FetchJobName;
  queues: Pick<Queues, 'enqueue'>;
  upstream: Pick<UpstreamStatus, 'last'>;
  log: Log;
  now: () => number;
  /** The refresh that was promised could not be queued. */
  onFailure: (tmdbId: number) => void;
}

export function createRefreshes(deps: RefreshesDeps): Refreshes {
  const { queues, upstream, log, now, onFailure, job = 'movies.fetch' } = deps;
  const asked = new LRUCache<number, Refresh>({ ...mostEntries(remembered), ttl: onceInMs });
  return {
    ask(tmdbId) {
      if (upstream.last.away) return 'none';
      const earlier = asked.get(tmdbId);
      if (earlier !== undefined) return earlier;
      asked.set(tmdbId, 'queued');
      const payload = { tmdbId, requestedAt: now() };
      queues.enqueue(job, payload).catch((error) => {
        log.warn({ err: error, job, tmdb_id: tmdbId }, 'a refresh could not be queued');
        asked.set(tmdbId, 'none');
        onFailure(tmdbId);
      });
      return 'queued';
    },
  };
}
