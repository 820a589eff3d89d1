import type { Pool } from 'pg';
import { audienceOf, keyOfAudience, type Caller as MovieCaller } from '#api/movies/audience.ts';
import { createMirrorCache } from '../http/answers/mirror-cache.ts';
import { sizeInCache } from '../http/answers/packed.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import { type ReadyBody, readyBody } from '../http/answers/ready-body.ts';
import type { ReadyCache } from '../http/answers/ready-cache.ts';
import type { Viewer } from '../http/callers/viewer.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { type AskedList, computeList, type RankedList } from './compute-list.ts';
import { createFacts } from './facts.ts';
import { selectGenreBests } from './genre-bests.ts';
import type {
  AskedRecommendationsQuery,
  Recommendation,
  RecommendationsMeta,
  RecommendationsQuery,
} from './model.ts';
import { hasLiked } from './rank.ts';
import { selectAskedTaste } from './select-asked-taste.ts';
import { type Candidate, type Shelf, selectPool } from './select-candidates.ts';
import { selectPage } from './select-page.ts';
import { selectTaste, type Taste } from './select-taste.ts';
import { createWidening } from './widening.ts';

type Caller = Pick<Viewer, 'userId' | 'dateOfBirth' | 'country' | 'tasteVersion'>;

type RecommendationsBody = ReadyBody<Recommendation[], RecommendationsMeta>;

export interface RecommendationService {
  /** A promise only where it is not ready. */
  page(
    viewer: Caller,
    query: RecommendationsQuery,
    locale: Locale,
  ): RecommendationsBody | Promise<RecommendationsBody>;
  /**
   * The list of somebody with these favorites. Nothing of who asks counts but their age.
   * @throws {NexusError} `invalid_input` for genres that there are not
   */
  asked(
    query: AskedRecommendationsQuery,
    caller: MovieCaller | undefined,
    locale: Locale,
  ): Promise<RecommendationsBody>;
}

const dayMs = 86_400_000;
const mebibyte = 1024 * 1024;
const maxAgeMs = 10 * 60_000;
/** Whole lists are for turning pages: some hundred kilobytes each. */
const maxLists = 50;
/** By genre and age. */
const maxPools = 60;
/** TMDb has nineteen; of each some thousand numbers are kept. */
const maxGenres = 60;
/** Of so many stated genres the best are looked at apart. */
const mostFavouriteGenres = 5;

/**
 * Personal lists, computed from the user's interactions as they are at the moment. What is kept ready is kept under
 * the version of the user's taste, so that no process ever shows what was made before the last like.
 */
export function createRecommendationService(deps: {
  pool: Pool;
  hub: NoticeHub;
  localization: Localization;
  now: () => number;
}): RecommendationService {
  const { pool, hub, localization, now } = deps;
  const pages = createMirrorCache<string, RecommendationsBody>(hub, {
    maxBytes: 32 * mebibyte,
    maxAgeMs,
    sizeOf: sizeInCache,
  });
  const sized = (maxEntries: number) => ({ maxBytes: maxEntries, maxAgeMs, sizeOf: () => 1 });
  const lists = createMirrorCache<string, RankedList>(hub, sized(maxLists));
  // Apart from those of users: whoever asks for many different lists does not put out theirs.
  const askedPages = createMirrorCache<string, RecommendationsBody>(hub, {
    maxBytes: 16 * mebibyte,
    maxAgeMs,
    sizeOf: sizeInCache,
  });
  const pools = createMirrorCache<string, Candidate[]>(hub, sized(maxPools));
  const bests = createMirrorCache<number, number[]>(hub, sized(maxGenres));
  const facts = createFacts({ pool, hub, maxAgeMs });
  const widening = createWidening({ pool, hub, maxAgeMs });

  const poolOf = (shelf: Shelf) =>
    cached(pools, `${keyOfAudience(shelf.audience)}/${shelf.genre}`, () => selectPool(pool, shelf));
  /** Our own ids. Read at once for all genres that are not at hand. */
  const bestsOf = async (genreIds: number[]): Promise<Set<number>> => {
    const missing = genreIds.filter((id) => bests.get(id) === undefined);
    let reading: Promise<Map<number, number[]>> | undefined;
    const readAll = () => (reading ??= selectGenreBests(pool, missing));
    const ids = await Promise.all(
      genreIds.map((id) => cached(bests, id, async () => (await readAll()).get(id) ?? [])),
    );
    return new Set(ids.flat());
  };
  const compute = async (selected: Promise<Taste>, { shelf, unreleased }: AskedList) => {
    const [taste, everybodys] = await Promise.all([selected, poolOf(shelf)]);
    const favourites = await bestsOf(favouriteGenresOf(taste, shelf));
    for (const { movie_id } of everybodys) favourites.delete(movie_id);
    const deps = { pool, facts, widening, shelf, nowMs: now(), unreleased };
    return computeList(deps, taste, [...everybodys, ...(await facts.of(shelf, [...favourites]))]);
  };
  const listOf = (key: string, viewer: Caller, asked: AskedList) =>
    cached(lists, key, () => compute(selectTaste(pool, viewer.userId), asked));
  const bodyOf = async (
    { strategy, ranked }: RankedList,
    { explain = false, ...place }: { page: number; limit: number; explain?: boolean },
    locale: Locale,
  ): Promise<RecommendationsBody> => {
    const shown = ranked.slice((place.page - 1) * place.limit, place.page * place.limit);
    const data = await selectPage(localization, shown, { explain, locale });
    const { language } = locale;
    const meta = { strategy, ...pageMeta(place, ranked.length), language: { asked: language } };
    return readyBody(data, 0, meta, language);
  };

  /** Under which a list is kept, and its pages. What is released changes with the day. */
  const keysOf = (viewer: Caller, query: RecommendationsQuery, locale: Locale) => {
    const { userId, tasteVersion } = viewer;
    const audience = audienceOf(viewer, now());
    const { page, limit, genre, explain, unreleased } = query;
    const day = Math.floor(now() / dayMs);
    const list = `${userId}/${tasteVersion}/${keyOfAudience(audience)}/${genre}/${unreleased}/${day}`;
    return { audience, list, page: `${list}/${page}/${limit}/${explain}/${keyOfLocale(locale)}` };
  };

  return {
    page(viewer, query, locale) {
      const { genre, unreleased } = query;
      const { audience, ...keys } = keysOf(viewer, query, locale);
      return cached(pages, keys.page, async () => {
        const list = await listOf(keys.list, viewer, { shelf: { audience, genre }, unreleased });
        const body = await bodyOf(list, query, locale);
        body.again = (caller) => caller && pages.get(keysOf(caller, query, locale).page);
        return body;
      });
    },
    async asked({ movies = [], genres = [], page, limit }, caller, locale) {
      const audience = audienceOf(caller, now());
      const day = Math.floor(now() / dayMs);
      const question = [movies.join(), genres.join(), page, limit, keyOfAudience(audience), day];
      return cached(askedPages, [...question, keyOfLocale(locale)].join('/'), async () => {
        const taste = selectAskedTaste(pool, { movies, genres });
        const list = await compute(taste, { shelf: { audience, genre: undefined }, unreleased: false });
        return bodyOf(list, { page, limit }, locale);
      });
    },
  };
}

function cached<K extends {}, V extends {}>(
  cache: ReadyCache<K, V>,
  key: K,
  read: () => Promise<V>,
): V | Promise<V> {
  return cache.get(key) ?? cache.load(key, read, (value) => value);
}

/** Who has stated genres and likes nothing yet also gets the best movies of these genres as candidates. */
function favouriteGenresOf(taste: Taste, { genre }: Shelf): number[] {
  if (genre !== undefined || hasLiked(taste)) return [];
  return taste.genres.slice(0, mostFavouriteGenres).map(({ id }) => id);
}
