import type { Pool } from 'pg';
import { NexusError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Queues } from '#shared/queues/queue.ts';
import type { InLanguage, InLanguages } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { LaggingReads } from '../store/lagging-reads.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { breakerOf } from '../store/store-breaker.ts';
import { type Asking, answerMovie, type MovieAnswer } from './answer-movie.ts';
import { audienceOf, type Caller, keyOfAudience } from './audience.ts';
import { createCachedMovies, type FoundMovie } from './cached-movies.ts';
import { detailStatement } from './detail-statement.ts';
import type { FetchThrottle } from './fetch-throttle.ts';
import { createFetchWatch } from './fetch-watch.ts';
import { createMissBudget } from './miss-budget.ts';
import type { Movie, RelatedMovie } from './model.ts';
import { createMovieCaches, keyOfDetail, type MovieCaches } from './movie-caches.ts';
import { type MovieRow, standingOf } from './movie-row.ts';
import { createNoteReads } from './note-reads.ts';
import { createOnDemand, type OnDemand } from './on-demand.ts';
import { type AskedDetail, askedDocument, createReadDetail } from './read-detail.ts';
import { readSettledMovies } from './read-settled-movies.ts';
import { readWantedMovies } from './read-wanted-movies.ts';
import { createRefreshes } from './refreshes.ts';
import type { MetaIn } from './rendered-movie.ts';
import { type SelectMovie, selectDocument } from './select-movie.ts';
import { type AskedRelated, selectRelated } from './select-related.ts';
import { createUpstreamStatus } from './upstream-status.ts';
import { createWants, type Wants } from './wants.ts';

export interface MovieServiceDeps {
  pool: Pool;
  /** For movies that are mirrored, where there is a replica. */
  reads?: LaggingReads | undefined;
  queues: Pick<Queues, 'enqueue' | 'queue'>;
  hub: NoticeHub;
  log: Log;
  localization: Localization;
  onDemandWaitMs: number;
  throttle: FetchThrottle;
  /** Ends all waiting. */
  stopping: AbortSignal;
  now: () => number;
}

export interface MovieService extends Wants {
  /** The answer of the detail route if it is at hand: what most requests need, at no cost to speak of. */
  readyDetail(asked: AskedDetail): ReadyBody<Movie, MetaIn<InLanguages['language']>> | undefined;
  /** Looks for it in the database, and asks nobody else. */
  findDetail(asked: AskedDetail): Promise<FoundMovie<Movie, InLanguages['language']>>;
  detail(
    asked: AskedDetail,
    asking: Asking<Movie, InLanguages['language']>,
  ): Promise<MovieAnswer<Movie, InLanguages['language']>>;
  related(
    asked: RelatedRequest,
    address: string,
  ): Promise<MovieAnswer<RelatedMovie[], InLanguage['language']>>;
  /**
   * Has a movie fetched that the mirror lacks, or has no parts of, and waits for news of it.
   * @returns whether there are any: perhaps that it is mirrored, as it was before
   * @throws {NexusError} `upstream_unavailable` while that is pointless, `too_many_requests`, `unavailable`
   */
  fetch(tmdbId: number, address: string, waitMs: number): Promise<boolean>;
  /** Asks for a newer version, and does not wait for it. */
  refresh(tmdbId: number): void;
}

export interface RelatedRequest {
  tmdbId: number;
  limit: number;
  /** What is not for their age is left out. */
  caller: Caller | undefined;
  locale: Locale;
}

export function createMovieService(deps: MovieServiceDeps): MovieService {
  const { pool, queues, hub, log, localization, now } = deps;
  const documents = { pool, genreNames: localization.genreNames };
  const caches = createMovieCaches(hub);
  const upstream = createUpstreamStatus({ pool, hub, now });
  const onDemand = openOnDemand(deps, caches);
  const answerDeps = { upstream, onDemand, now };
  const refreshes = createRefreshes({ queues, upstream, log, now, onFailure: caches.drop });
  const storeIsSilent = () => breakerOf(pool).isOpen;
  const common = { askForRefresh: refreshes.ask, storeIsSilent, now };
  const { reads } = deps;
  const mirroredOf = <Asked, Data, Language>(
    select: (from: Pool, asked: Asked) => Promise<MovieRow<Data, Language>>,
  ): SelectMovie<Asked, Data, Language> => {
    if (reads === undefined) return (asked) => select(pool, asked);
    return async (asked) => {
      let isPrimary = false;
      const reading = await reads.run((from) => {
        isPrimary = from === pool;
        return select(from, asked);
      });
      // What the replica does not have, somebody may just have waited for.
      return isPrimary || standingOf(reading, now()) === 'mirrored' ? reading : select(pool, asked);
    };
  };
  const readDetail = createReadDetail(localization.genreNames);
  const noteRead = createNoteReads({ pool, log, stopping: deps.stopping });
  const details = createCachedMovies({
    ...common,
    cache: caches.details,
    select: mirroredOf<AskedDetail, Movie, InLanguages['language']>((from, asked) => readDetail(from)(asked)),
    fallback: ({ tmdbId, locale }) =>
      selectDocument(documents, detailStatement(askedDocument(tmdbId, locale)), locale),
    keyOf: ({ tmdbId, locale }) => keyOfDetail(tmdbId, locale),
    onReady: ({ tmdbId }) => noteRead(tmdbId),
  });
  const related = createCachedMovies({
    ...common,
    cache: caches.lists,
    select: mirroredOf<AskedRelated, RelatedMovie[], InLanguage['language']>((from, asked) =>
      selectRelated({ pool: from, localization }, asked),
    ),
    keyOf: ({ tmdbId, limit, audience, locale }) =>
      `${tmdbId}/${limit}/${keyOfAudience(audience)}/${keyOfLocale(locale)}`,
  });
  const wants = createWants({
    select: (ids) => readWantedMovies(pool, ids, now()),
    onDemand,
    upstream,
    stopping: deps.stopping,
    log,
  });
  return {
    readyDetail: (asked) => details.ready(asked)?.body,
    findDetail: details.read,
    async detail(asked, asking) {
      const answer = await answerMovie(answerDeps, details, asked, asking);
      noteRead(asked.tmdbId);
      return answer;
    },
    related: ({ caller, ...asked }, address) =>
      answerMovie(answerDeps, related, { ...asked, audience: audienceOf(caller, now()) }, { address }),
    async fetch(tmdbId, address, waitMs) {
      const { away, retryAfterMs } = await upstream.read();
      const outcome = away ? 'trouble' : await onDemand.fetch(tmdbId, address, waitMs);
      if (outcome === 'trouble')
        throw new NexusError('upstream_unavailable', 'TMDb cannot be reached right now.', { retryAfterMs });
      return outcome === 'settled';
    },
    refresh: (tmdbId) => void refreshes.ask(tmdbId),
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
