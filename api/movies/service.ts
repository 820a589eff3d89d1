import type { Pool } from 'pg';
import { audienceOf } from '#api/movies/audience.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { type LaggingReads, readFrom } from '../store/lagging-reads.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { breakerOf } from '../store/store-breaker.ts';
import { answerMovie, type MovieAnswer } from './answer-movie.ts';
import { createCachedMovies } from './cached-movies.ts';
import { detailStatement, documentStatement } from './detail-statement.ts';
import type { FetchThrottle } from './fetch-throttle.ts';
import { createFetchWatch } from './fetch-watch.ts';
import { createMissBudget } from './miss-budget.ts';
import type { Movie, RelatedMovie } from './model.ts';
import { createMovieCaches, type MovieCaches } from './movie-caches.ts';
import { type MovieRow, standingOf } from './movie-row.ts';
import { createNoteReads } from './note-reads.ts';
import { createOnDemand, type OnDemand } from './on-demand.ts';
import { readSettledMovies } from './read-settled-movies.ts';
import { readWantedMovies } from './read-wanted-movies.ts';
import { createRefreshes } from './refreshes.ts';
import { type SelectMovie, selectDocument } from './select-movie.ts';
import { type AskedRelated, selectRelated } from './select-related.ts';
import { createUpstreamStatus } from './upstream-status.ts';
import { createWants, type Wants } from './wants.ts';

export interface MovieServiceDeps {
  pool: Pool;
  /** For movies that are mirrored. */
  reads?: LaggingReads | undefined;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  hub: NoticeHub;
  log: Log;
  imageBaseUrl: string;
  onDemandWaitMs: number;
  throttle: FetchThrottle;
  /** Ends all waiting. */
  stopping: AbortSignal;
  now: () => number;
}

export interface MovieService extends Wants {
  /** The answer of the detail route if it is at hand: what most requests need, at no cost to speak of. */
  readyDetail(tmdbId: number): ReadyBody<Movie, MirrorMeta> | undefined;
  detail(tmdbId: number, address: string): Promise<MovieAnswer<Movie>>;
  related(asked: RelatedRequest, address: string): Promise<MovieAnswer<RelatedMovie[]>>;
}

export interface RelatedRequest {
  tmdbId: number;
  limit: number;
  /** The caller's, where it is known: what is not for that age is left out. */
  dateOfBirth: string | null | undefined;
}

interface AskedDetail {
  tmdbId: number;
}

export function createMovieService(deps: MovieServiceDeps): MovieService {
  const { pool, queues, hub, log, imageBaseUrl, now } = deps;
  const caches = createMovieCaches(hub);
  const upstream = createUpstreamStatus({ pool, hub, now });
  const onDemand = openOnDemand(deps, caches);
  const answerDeps = { upstream, onDemand, now };
  const refreshes = createRefreshes({ queues, upstream, log, now, onFailure: caches.drop });
  const storeIsSilent = () => breakerOf(pool).isOpen;
  const common = { askForRefresh: refreshes.ask, storeIsSilent, now };
  const reads = deps.reads ?? readFrom(pool);
  // What the replica does not have, somebody may just have waited for.
  const mirroredOf =
    <Asked, Data>(select: (from: Pool, asked: Asked) => Promise<MovieRow<Data>>): SelectMovie<Asked, Data> =>
    async (asked) => {
      let isPrimary = false;
      const reading = await reads.run((from) => {
        isPrimary = from === pool;
        return select(from, asked);
      });
      return isPrimary || standingOf(reading, now()) === 'mirrored' ? reading : select(pool, asked);
    };
  const details = createCachedMovies({
    ...common,
    cache: caches.details,
    select: mirroredOf<AskedDetail, Movie>((from, { tmdbId }) =>
      selectDocument(from, documentStatement({ tmdbId }), imageBaseUrl),
    ),
    fallback: ({ tmdbId }) => selectDocument(pool, detailStatement({ tmdbId }), imageBaseUrl),
    keyOf: ({ tmdbId }) => tmdbId,
  });
  const related = createCachedMovies({
    ...common,
    cache: caches.lists,
    select: mirroredOf<AskedRelated, RelatedMovie[]>((from, asked) => selectRelated(from, asked)),
    keyOf: ({ tmdbId, limit, audience }) => `${tmdbId}/${limit}/${audience}`,
  });
  const noteRead = createNoteReads({ pool, log, stopping: deps.stopping });
  const wants = createWants({
    select: (ids) => readWantedMovies(pool, ids, now()),
    onDemand,
    upstream,
    stopping: deps.stopping,
    log,
  });
  return {
    readyDetail(tmdbId) {
      const ready = details.ready({ tmdbId });
      if (ready !== undefined) noteRead(tmdbId);
      return ready?.body;
    },
    async detail(tmdbId, address) {
      const answer = await answerMovie(answerDeps, details, { tmdbId }, address);
      noteRead(tmdbId);
      return answer;
    },
    related: ({ tmdbId, limit, dateOfBirth }, address) =>
      answerMovie(answerDeps, related, { tmdbId, limit, audience: audienceOf(dateOfBirth, now()) }, address),
    want: wants.want,
  };
}

function openOnDemand(deps: MovieServiceDeps, caches: MovieCaches): OnDemand {
  const { pool, queues, hub, log, now, stopping } = deps;
  const settled = (ids: number[]) => readSettledMovies(pool, ids, now());
  const onDemand = createOnDemand({
    queues,
    budget: createMissBudget({ queues, now }),
    throttle: deps.throttle,
    watch: createFetchWatch({ hub, settled, onSettled: caches.drop, stopping, log }),
    waitMs: deps.onDemandWaitMs,
    now,
  });
  hub.subscribe({
    onGap: () => {},
    onNotice(notice) {
      if (notice.kind === 'movies') notice.ids.forEach(onDemand.forget);
      if (notice.kind === 'trouble') notice.ids.forEach(onDemand.remember);
    },
  });
  return onDemand;
}
