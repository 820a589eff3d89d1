import type { Pool } from 'pg';
import type { Queues } from '#shared/jobs/queue.ts';
import type { Log } from '#shared/log.ts';
import type { NoticeHub } from '../reads/notice-hub.ts';
import type { ReadyBody } from '../reads/ready-body.ts';
import { createReadyCache } from '../reads/ready-cache.ts';
import { answerMovie, type MovieAnswer } from './answer-movie.ts';
import { detailStatement } from './detail-statement.ts';
import { createFetchThrottle } from './fetch-throttle.ts';
import { createFetchWatch } from './fetch-watch.ts';
import { createMissBudget } from './miss-budget.ts';
import { createMovieReads } from './movie-reads.ts';
import { createOnDemand } from './on-demand.ts';
import type { ReadyMovie } from './ready-movie.ts';
import { createRefreshes } from './refreshes.ts';
import { relatedStatement } from './related-statement.ts';
import { settledMovies } from './settled-movies.ts';
import { createUpstreamStatus } from './upstream-status.ts';

const mebibyte = 1024 * 1024;
/** Names of people and keywords may change through other movies, of which no notice tells: not for long. */
const maxAgeMs = 10 * 60_000;
const sizeOf = (movie: ReadyMovie) => movie.body.bytes.byteLength + 400;

export interface MovieServiceDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  hub: NoticeHub;
  log: Log;
  imageBaseUrl: string;
  onDemandWaitMs: number;
  rateLimit: boolean;
  /** Ends all waiting. */
  stopping: AbortSignal;
  now: () => number;
}

export interface MovieService {
  /** The answer of the detail route if it is at hand: what most requests need, at no cost to speak of. */
  readyDetail(tmdbId: number): ReadyBody | undefined;
  detail(tmdbId: number, address: string): Promise<MovieAnswer>;
  related(tmdbId: number, limit: number, address: string): Promise<MovieAnswer>;
}

interface AskedRelated {
  tmdbId: number;
  limit: number;
}

export function createMovieService(deps: MovieServiceDeps): MovieService {
  const { pool, queues, hub, log, now } = deps;
  const trusted = () => hub.connected;
  const details = createReadyCache<number, ReadyMovie>({
    maxBytes: 64 * mebibyte,
    maxAgeMs,
    sizeOf,
    trusted,
  });
  const lists = createReadyCache<string, ReadyMovie>({ maxBytes: 16 * mebibyte, maxAgeMs, sizeOf, trusted });
  const upstream = createUpstreamStatus({ pool, hub, now });

  const drop = (tmdbId: number) => {
    details.drop(tmdbId);
    lists.clear();
  };
  const refreshes = createRefreshes({ queues, upstream, log, now, onFailure: drop });
  const watch = createFetchWatch({
    hub,
    settled: (ids) => settledMovies(pool, ids, now()),
    onSettled: drop,
    stopping: deps.stopping,
    log,
  });
  const onDemand = createOnDemand({
    queues,
    budget: createMissBudget({ queues, now }),
    throttle: createFetchThrottle(deps.rateLimit),
    watch,
    waitMs: deps.onDemandWaitMs,
    now,
  });

  const clear = () => {
    details.clear();
    lists.clear();
  };
  hub.subscribe({
    onGap: clear,
    onNotice(notice) {
      if (notice.kind === 'list') clear();
      if (notice.kind === 'trouble') notice.ids.forEach(onDemand.remember);
      if (notice.kind !== 'movies') return;
      lists.clear();
      for (const id of notice.ids) {
        details.drop(id);
        onDemand.forget(id);
      }
    },
  });

  const common = { pool, askForRefresh: refreshes.ask, now };
  const detailReads = createMovieReads({
    ...common,
    cache: details,
    statement: detailStatement,
    keyOf: (asked: { tmdbId: number }) => asked.tmdbId,
    valuesOf: (asked) => [asked.tmdbId, deps.imageBaseUrl],
  });
  const relatedReads = createMovieReads({
    ...common,
    cache: lists,
    statement: relatedStatement,
    keyOf: (asked: AskedRelated) => `${asked.tmdbId}/${asked.limit}`,
    valuesOf: (asked) => [asked.tmdbId, asked.limit],
  });
  const answerDeps = { upstream, onDemand, now };

  return {
    readyDetail: (tmdbId) => detailReads.ready({ tmdbId })?.body,
    async detail(tmdbId, address) {
      const ready = detailReads.ready({ tmdbId });
      if (ready !== undefined) return { kind: 'ready', body: ready.body, cacheable: true };
      return answerMovie(answerDeps, detailReads, { tmdbId }, address);
    },
    async related(tmdbId, limit, address) {
      const ready = relatedReads.ready({ tmdbId, limit });
      if (ready !== undefined) return { kind: 'ready', body: ready.body, cacheable: true };
      return answerMovie(answerDeps, relatedReads, { tmdbId, limit }, address);
    },
  };
}
