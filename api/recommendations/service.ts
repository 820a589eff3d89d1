import type { Pool } from 'pg';
import { audienceOf } from '#api/movies/audience.ts';
import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import { sizeInCache } from '../http/answers/packed.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import { type ReadyBody, readyBody } from '../http/answers/ready-body.ts';
import type { ReadyCache } from '../http/answers/ready-cache.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { createFacts, type Facts } from './facts.ts';
import type { Recommendation, RecommendationsMeta, RecommendationsQuery, Strategy } from './model.ts';
import { type Ranked, rankCandidates, strategyOf } from './rank.ts';
import { type NeighbourScore, scoreNeighbours, weightOf } from './score-neighbours.ts';
import { type Candidate, type Link, type Shelf, selectLinks, selectPool } from './select-candidates.ts';
import { selectPage } from './select-page.ts';
import { type HistoryMovie, selectTaste, type Taste } from './select-taste.ts';

type Caller = Pick<Viewer, 'userId' | 'dateOfBirth' | 'tasteVersion'>;

type RecommendationsBody = ReadyBody<Recommendation[], RecommendationsMeta>;

export interface RecommendationService {
  page(viewer: Caller, query: RecommendationsQuery): Promise<RecommendationsBody>;
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
const mostNeighbours = { all: 400, genre: 2000 };
/** TMDb's relations are followed from so many of the history. */
const mostSources = 20;
/** Of so many stated genres the best are looked at apart. */
const mostFavouriteGenres = 5;

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
  const pages = createMirrorCache<string, RecommendationsBody>(hub, {
    maxBytes: 32 * mebibyte,
    maxAgeMs,
    sizeOf: sizeInCache,
  });
  const sized = (maxEntries: number) => ({ maxBytes: maxEntries, maxAgeMs, sizeOf: () => 1 });
  const lists = createMirrorCache<string, RankedList>(hub, sized(maxLists));
  const pools = createMirrorCache<string, Candidate[]>(hub, sized(maxPools));
  const facts = createFacts({ pool, hub, maxAgeMs });

  const poolOf = (shelf: Shelf) =>
    cached(pools, `${shelf.audience}/${shelf.genre}`, () => selectPool(pool, shelf));
  const listOf = (key: string, viewer: Caller, shelf: Shelf) =>
    cached(lists, key, async () => {
      const [taste, everybodys] = await Promise.all([selectTaste(pool, viewer.userId), poolOf(shelf)]);
      const favourites = await Promise.all(shelvesOf(taste, shelf).map(poolOf));
      return rankFor({ pool, facts, shelf, nowMs: now() }, taste, [...everybodys, ...favourites.flat()]);
    });

  return {
    async page(viewer, query) {
      const audience = audienceOf(viewer.dateOfBirth, now());
      const { page, limit, genre, explain } = query;
      const listKey = [viewer.userId, viewer.tasteVersion, audience, genre].join('/');
      return cached(pages, [listKey, page, limit, explain].join('/'), async () => {
        const { strategy, ranked } = await listOf(listKey, viewer, { audience, genre });
        const shown = ranked.slice((page - 1) * limit, page * limit);
        const data = await selectPage(pool, shown, explain);
        return readyBody(data, 0, { strategy, ...pageMeta(query, ranked.length) });
      });
    },
  };
}

async function cached<V extends {}>(
  cache: ReadyCache<string, V>,
  key: string,
  read: () => Promise<V>,
): Promise<V> {
  return cache.get(key) ?? cache.load(key, read, (value) => value);
}

interface RankDeps {
  pool: Pool;
  facts: Facts;
  shelf: Shelf;
  nowMs: number;
}

async function rankFor({ pool, facts, shelf, nowMs }: RankDeps, taste: Taste, everybodys: Candidate[]) {
  const neighbours = scoreNeighbours(taste.history);
  const liked = taste.history
    .filter((movie) => weightOf(movie) > 0)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  const links = await linksFrom(pool, taste, liked);
  const candidates = new Map(everybodys.map((candidate) => [candidate.movie_id, candidate]));
  const missing = [...bestOf(neighbours, taste, shelf), ...links.keys()].filter((id) => !candidates.has(id));
  for (const candidate of await facts.of(shelf, missing)) candidates.set(candidate.movie_id, candidate);
  const history = new Map(taste.history.map((movie) => [movie.movieId, movie]));
  const favouriteGenres = new Set(taste.genres.map(({ id }) => id));
  const genreShares = genreSharesOf(liked);
  const evidence = { taste, neighbours, history, links, favouriteGenres, genreShares, nowMs };
  return { strategy: strategyOf(taste), ranked: rankCandidates(candidates.values(), evidence) };
}

/** A user with stated genres and no history also gets the best movies of these genres as candidates. */
function shelvesOf({ genres, history }: Taste, { audience, genre }: Shelf): Shelf[] {
  if (genre !== undefined || history.length > 0) return [];
  return genres.slice(0, mostFavouriteGenres).map(({ id }) => ({ audience, genre: id }));
}

function bestOf(neighbours: Map<number, NeighbourScore>, { excluded }: Taste, { genre }: Shelf): number[] {
  return [...neighbours.values()]
    .filter(({ movieId }) => !excluded.has(movieId))
    .toSorted((a, b) => b.score - a.score || a.movieId - b.movieId)
    .slice(0, genre === undefined ? mostNeighbours.all : mostNeighbours.genre)
    .map(({ movieId }) => movieId);
}

/** Without favorite actors and liked movies there are no links, so the query is skipped. */
async function linksFrom(pool: Pool, { actors }: Taste, liked: HistoryMovie[]): Promise<Map<number, Link[]>> {
  if (actors.length + liked.length === 0) return new Map();
  const sources = liked.slice(0, mostSources).map(({ movieId }) => movieId);
  const found = await selectLinks(
    pool,
    sources,
    actors.map(({ id }) => id),
  );
  return Map.groupBy(found, (link) => link.movie_id);
}

function genreSharesOf(liked: readonly HistoryMovie[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const movie of liked)
    for (const id of movie.genreIds) shares.set(id, (shares.get(id) ?? 0) + weightOf(movie));
  const most = Math.max(0, ...shares.values());
  return new Map([...shares].map(([id, share]) => [id, share / most]));
}
