import type { Pool } from 'pg';
import { type Audience, audienceOf } from '#shared/movies/audience.ts';
import type { Viewer } from '../plugins/viewer.ts';
import type { NoticeHub } from '../reads/notice-hub.ts';
import { type ReadyBody, readyBody } from '../reads/ready-body.ts';
import { createReadyCache } from '../reads/ready-cache.ts';
import type { RecommendationsQuery, Strategy } from './model.ts';
import { type Ranked, rankCandidates, strategyOf } from './rank.ts';
import { scoreNeighbours, weightOf } from './score-neighbours.ts';
import { type Candidate, selectCandidates, selectPool } from './select-candidates.ts';
import { selectPage } from './select-page.ts';
import { type HistoryMovie, selectTaste } from './select-taste.ts';

type Caller = Pick<Viewer, 'userId' | 'dateOfBirth' | 'tasteVersion'>;

export interface RecommendationService {
  page(viewer: Caller, query: RecommendationsQuery): Promise<ReadyBody>;
}

interface RankedList {
  strategy: Strategy;
  ranked: Ranked[];
}

const mebibyte = 1024 * 1024;
const maxAgeMs = 10 * 60_000;
/** Whole lists are for turning pages: some hundred kilobytes each. */
const maxLists = 50;
/** By genre and age. */
const maxPools = 60;
/** Of the neighbours so many are looked at; of a genre they are fewer. */
const mostNeighbours = { all: 600, genre: 3000 };
/** TMDb's relations are followed from so many of the history. */
const mostSources = 20;

/**
 * Personal lists, computed from the user's interactions as they are at the moment. What is kept ready is kept under
 * the version of the user's taste, so that no process ever shows what was made before the last like.
 */
export function createRecommendationService(deps: {
  pool: Pool;
  hub: NoticeHub;
  now: () => number;
}): RecommendationService {
  const { pool, hub, now } = deps;
  const trusted = () => hub.connected;
  const pages = createReadyCache<string, ReadyBody>({
    maxBytes: 32 * mebibyte,
    maxAgeMs,
    sizeOf: (body) => body.bytes.byteLength + 400,
    trusted,
  });
  const sized = (maxEntries: number) => ({ maxBytes: maxEntries, maxAgeMs, sizeOf: () => 1, trusted });
  const lists = createReadyCache<string, RankedList>(sized(maxLists));
  const pools = createReadyCache<string, Candidate[]>(sized(maxPools));
  const clear = () => {
    for (const cache of [pages, lists, pools]) cache.clear();
  };
  hub.subscribe({
    onGap: clear,
    onNotice: ({ kind }) => (kind === 'movies' || kind === 'list') && clear(),
  });

  const poolOf = (audience: Audience, genre: number | undefined) =>
    cached(pools, `${audience}/${genre}`, () => selectPool(pool, audience, genre));
  const listOf = (key: string, viewer: Caller, audience: Audience, genre: number | undefined) =>
    cached(lists, key, async () => {
      const everybodys = await poolOf(audience, genre);
      return rankFor({ pool, userId: viewer.userId, audience, genre, nowMs: now() }, everybodys);
    });

  return {
    async page(viewer, query) {
      const audience = audienceOf(viewer.dateOfBirth, now());
      const { page, limit, genre, explain } = query;
      const listKey = [viewer.userId, viewer.tasteVersion, audience, genre].join('/');
      return cached(pages, [listKey, page, limit, explain].join('/'), async () => {
        const { strategy, ranked } = await listOf(listKey, viewer, audience, genre);
        const shown = ranked.slice((page - 1) * limit, page * limit);
        const data = await selectPage(pool, shown, explain);
        const total = ranked.length;
        const meta = { strategy, page, limit, total_results: total, total_pages: Math.ceil(total / limit) };
        return readyBody(data, 0, meta);
      });
    },
  };
}

async function cached<V extends {}>(
  cache: ReturnType<typeof createReadyCache<string, V>>,
  key: string,
  read: () => Promise<V>,
): Promise<V> {
  return cache.get(key) ?? cache.load(key, read, (value) => value);
}

interface AskedList {
  pool: Pool;
  userId: string;
  audience: Audience;
  genre: number | undefined;
  nowMs: number;
}

async function rankFor({ pool, userId, audience, genre, nowMs }: AskedList, everybodys: Candidate[]) {
  const taste = await selectTaste(pool, userId);
  const neighbours = scoreNeighbours(taste.history);
  const history = new Map(taste.history.map((movie) => [movie.movieId, movie]));
  const liked = taste.history
    .filter((movie) => weightOf(movie) > 0)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  const best = [...neighbours.values()]
    .filter(({ movieId }) => !taste.excluded.has(movieId))
    .toSorted((a, b) => b.score - a.score || a.movieId - b.movieId)
    .slice(0, genre === undefined ? mostNeighbours.all : mostNeighbours.genre);
  const own = await selectOwn(pool, { audience, genre }, taste.actors, best, liked);
  const candidates = new Map([...everybodys, ...own].map((candidate) => [candidate.movie_id, candidate]));
  const evidence = { taste, neighbours, history, genreShares: genreSharesOf(liked), nowMs };
  return { strategy: strategyOf(taste), ranked: rankCandidates(candidates.values(), evidence) };
}

/** What somebody without any taste would get no rows for is not asked for. */
async function selectOwn(
  pool: Pool,
  asked: { audience: Audience; genre: number | undefined },
  actors: { id: number }[],
  best: { movieId: number }[],
  liked: HistoryMovie[],
): Promise<Candidate[]> {
  if (actors.length + best.length + liked.length === 0) return [];
  return selectCandidates(pool, {
    ...asked,
    neighbours: best.map(({ movieId }) => movieId),
    liked: liked.slice(0, mostSources).map(({ movieId }) => movieId),
    actors: actors.map(({ id }) => id),
  });
}

function genreSharesOf(liked: readonly HistoryMovie[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const movie of liked)
    for (const id of movie.genreIds) shares.set(id, (shares.get(id) ?? 0) + weightOf(movie));
  const most = Math.max(0, ...shares.values());
  return new Map([...shares].map(([id, share]) => [id, share / most]));
}
