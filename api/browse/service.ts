import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '#api/movies/audience.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import { cursorPageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import { writeCursor } from '../http/input/cursor.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { MovieListItem } from '../movies/model.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import {
  collectStatement,
  keptPageStatement,
  listStatement,
  mostCollected,
  walkStatement,
} from './browse-statement.ts';
import { chooseList } from './choose-lookup.ts';
import { mostCost } from './count-matches.ts';
import { areRarelyHad, areSomeKept, countTerms } from './count-terms.ts';
import { keepLists } from './counts.ts';
import {
  ambiguousOf,
  type Estimate,
  estimateMatches,
  type GenreShares,
  rareTogetherOf,
  readPlan,
  watchGenreShares,
  watchMovieRows,
} from './estimate-matches.ts';
import { mostCounted, shownFacets } from './facets.ts';
import { createFindNoted, type FindNoted } from './find-noted.ts';
import { watchKeptBits } from './kept-bits.ts';
import { costs, isSoonerCollected, isWalkedByBits, isWalkedFar, reachOf } from './list-costs.ts';
import { type AskedMovies, type BrowseMeta, cursorsOf, type MovieFacets } from './model.ts';
import { createMovieCounts, type MovieCounts } from './movie-counts.ts';
import {
  asFew,
  filterMovies,
  hasTerms,
  isFiltered,
  type MovieFilters,
  type Planned,
  termListsOf,
  termsOf,
} from './movie-filters.ts';
import { type BrowseSort, notedOrder } from './movie-order.ts';
import type { PageReading } from './page-statement.ts';
import { readPresentIds } from './read-present-ids.ts';
import { readSearch } from './read-search.ts';
import type { SearchPassing } from './search-candidates.ts';
import {
  type CommonTerms,
  countSets,
  longListOf,
  type Since,
  watchCommonTerms,
  watchSince,
} from './term-lookup.ts';
import { mostBest } from './title-looks.ts';
import { watchOldMovies } from './watch-old-movies.ts';

/** A list shows movies of any age: it is stale when the oldest of them is as old as a stale movie. */
const staleAfterMs = 7 * 86_400_000;

/** A number that is taken from a sample may be too high; how many it is in truth is seen with the facets. */
const mayBeCounted = mostCounted * 1.1;

interface Counts {
  movies: MovieCounts;
  /** Filters that many movies pass: more than are collected at once. */
  many: LRUCache<string, true>;
  anyTooOld: (pool: Pool) => Promise<boolean>;
  lists: ReturnType<typeof keepLists<number[]>>;
  genreShares: (pool: Pool) => Promise<GenreShares>;
  movieRows: (pool: Pool) => Promise<number>;
  commonTerms: (pool: Pool) => Promise<CommonTerms>;
  since: (pool: Pool) => Promise<Since>;
  findNoted: FindNoted;
}

export interface BrowseService {
  page(
    asked: AskedMovies,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<MovieListItem[], BrowseMeta>>;
}

interface BrowseDeps {
  lists: ListReads;
  localization: Localization;
  /** False: each request counts and finds its list itself. */
  keepsLists?: boolean | undefined;
  now: () => number;
}

export function createBrowseService(deps: BrowseDeps): BrowseService {
  const { lists, localization, keepsLists = true, now } = deps;
  const known = { movieRows: watchMovieRows(), commonTerms: watchCommonTerms() };
  const readKept = watchKeptBits();
  const counts: Counts = {
    movies: createMovieCounts({ readLookups: (pool) => readLookups(pool, known), keepsLists, readKept }),
    many: new LRUCache({ max: 2000, ttl: keepsLists ? 60_000 : 1 }),
    anyTooOld: watchOldMovies(),
    lists: keepLists(keepsLists),
    genreShares: watchGenreShares(),
    ...known,
    since: watchSince(),
    findNoted: createFindNoted({ readKept, movieRows: known.movieRows }),
  };
  return {
    page(asked, caller, locale) {
      const audience = audienceOf(caller, now());
      const { limit, position } = asked;
      const { language } = locale;
      const nextOf = ({ next_key }: Pick<ListReading<never>, 'next_key'>) =>
        next_key ? writeCursor(position.before + limit, next_key, cursorsOf(asked)) : undefined;
      let facets: MovieFacets | null = null;
      return lists({
        key: `${keyOf(asked, audience)}/${keyOfLocale(locale)}`,
        language: locale.language,
        async read(pool) {
          const reading = await readPage(pool, { ...asked, language }, audience, counts);
          if (reading.facets)
            facets = shownFacets(reading.facets, await localization.genreNames(locale.language));
          return localization.reading<MovieListItem>(reading, locale);
        },
        staleAfterMs,
        metaOf: (reading): Omit<BrowseMeta, keyof MirrorMeta> => ({
          ...cursorPageMeta(
            { before: position.before, limit },
            { total: reading.total, next: nextOf(reading) },
          ),
          language: { asked: locale.language },
          ...(asked.facets ? { facets } : {}),
        }),
      });
    },
  };
}

function keyOf({ query, ...rest }: AskedMovies, audience: Audience): string {
  const asked = query === undefined ? undefined : shortKey(query);
  return `movies/${keyOfAudience(audience)}/${query === undefined ? 0 : query.length}/${JSON.stringify([asked, rest])}`;
}

async function readPage(
  pool: Pool,
  asked: AskedMovies & { language: string },
  audience: Audience,
  counts: Counts,
): Promise<PageReading> {
  const { query, sort } = asked;
  const hidesOld = await counts.anyTooOld(pool);
  const { genres } = asked.filters;
  const shares = genres && (await counts.genreShares(pool));
  const byGenre = shares && {
    ambiguous: ambiguousOf(genres.values, shares),
    rareTogether: rareTogetherOf(genres.values, shares),
  };
  const ids = asked.filters.ids && (await readPresentIds(pool, asked.filters.ids));
  const filters: MovieFilters = { ...asked.filters, ids, audience, hidesOld, ...byGenre };
  if (query !== undefined || sort === 'relevance') {
    const passing = isFiltered(filters) ? await readPassing(pool, filters, counts) : {};
    return readSearch(pool, filters, { ...asked, passing }, query ?? '');
  }
  return readBrowse(pool, filters, { ...asked, sort }, counts);
}

async function readBrowse(
  pool: Pool,
  filters: MovieFilters,
  asked: AskedMovies & { sort: BrowseSort },
  counts: Counts,
): Promise<PageReading> {
  let estimated: Promise<Estimate> | undefined;
  const estimate = () => {
    estimated ??= estimateOf(pool, filters, counts);
    return estimated;
  };
  let counted: Promise<number> | undefined;
  const count = () => {
    counted ??= counts.movies.total(pool, filters, estimate);
    return counted;
  };
  let known: Promise<boolean> | undefined;
  const passFew = () => {
    known ??= doFewPass(pool, filters, { counts, estimate });
    return known;
  };
  const browse = { pool, filters, asked, counts, count, estimate, passFew };
  const ofMany = asked.facets ? await readManyFacets(browse) : undefined;
  const reading = await readListed({ ...browse, asked: { ...asked, facets: asked.facets && !ofMany } });
  // Who passes more than was expected is known by bits all the same.
  const isUnknown = asked.facets && !ofMany && !reading.facets;
  const facets = isUnknown ? await counts.movies.facets(pool, filters) : ofMany;
  return facets === undefined ? reading : { ...reading, facets };
}

async function readListed(browse: Browse): Promise<PageReading> {
  const { pool, filters, asked, counts, count } = browse;
  const collect = async () => selectOne(pool, collectStatement(filters, asked, await asFewOf(browse)));
  if (isFiltered(filters)) {
    if (isDeep(asked.position, filters) && !(asked.facets && (await count()) <= mayBeCounted))
      return readFar(browse);
    const byBits = await planByBits(browse);
    if (byBits !== undefined) return readSoon(browse, byBits);
    const key = JSON.stringify(filters);
    if (!counts.many.has(key) && (await isCollected(browse))) {
      if (!asked.facets && asked.position.after === undefined && (await isDear(browse)))
        return readFar(browse);
      const reading = await collect();
      if (reading.total <= mostCollected) return reading;
      counts.many.set(key, true);
    }
  }
  // To count what they have, all of them are collected, and the page is among them.
  if (asked.facets && (await count()) <= mayBeCounted) return collect();
  return readSoon(browse);
}

/** A page along the index of the order; as it was noted where that is far to walk. */
const readSoon = async (browse: Browse, planned?: Planned): Promise<PageReading> =>
  ((await isFar(browse, planned)) ? await readNoted(browse) : undefined) ?? readAlong(browse, planned);

/** A page along the index of the order. */
async function readAlong(
  { pool, filters, asked, count }: Browse,
  planned: Planned = {},
): Promise<PageReading> {
  const walk = walkStatement(filters, asked, planned);
  const [reading, total] = await Promise.all([selectOne(pool, walk), count()]);
  const shown = asked.position.before + reading.shown;
  // The last page says itself how many there are.
  const isLast = reading.shown > 0 && !reading.next_key;
  return { ...reading, total: isLast ? shown : Math.max(total, reading.next_key ? shown + 1 : 0) };
}

/** Of fewer it is sooner counted what each of them has, */
const fewFacets = 1000;
/** and in smaller mirrors of up to `mostCounted`. */
const manyMovies = 100_000;

/** What many movies have is said by bits, which costs as much for any number of them. */
async function readManyFacets({ pool, filters, counts, count, estimate }: Browse) {
  if (areNamed(filters)) return undefined;
  const { matches, cost } = await estimate();
  const isDear = cost > mostCost || (await counts.movieRows(pool)) > manyMovies;
  const areMany = (movies: number) => movies > (isDear ? fewFacets : mostCounted);
  return areMany(matches) && areMany(await count()) ? counts.movies.facets(pool, filters) : undefined;
}

/**
 * How a page is found along the index of its order by the bits of common terms, as new as the mirror; undefined where
 * another way costs less, or no bits say what is asked.
 */
async function planByBits({
  pool,
  filters,
  asked,
  counts,
  count,
  estimate,
}: Browse): Promise<Planned | undefined> {
  if (asked.facets || !hasTerms(filters) || areNamed(filters)) return undefined;
  const since = await counts.since(pool);
  if (since === undefined || (await estimate()).cost <= mostCost) return undefined;
  const { movies, common } = await readLookups(pool, counts);
  const planned: Planned = { terms: 'hashed', common, since };
  const lists = termListsOf(filters);
  if (!areSomeKept(lists, common) || countSets(filterMovies(filters, planned)) > 0) return undefined;
  const having =
    (await counts.movies.having(pool, lists)) ?? (await selectOne(pool, countTerms(lists, common))).having;
  return isWalkedByBits({ total: await count(), having, end: endOf(asked), movies }) ? planned : undefined;
}

async function isFar({ pool, filters, asked, counts, count }: Browse, planned?: Planned) {
  if (!isFiltered(filters)) return false;
  const terms = planned === undefined ? askedTerms(filters) : 'bits';
  const movies = await counts.movieRows(pool);
  return isWalkedFar({ total: await count(), end: endOf(asked), movies, terms });
}

/** How many terms each movie is asked for. */
const askedTerms = (filters: MovieFilters): number | undefined =>
  hasTerms(filters) ? termsOf(filters, {}).flat().length : undefined;

/** To which row of a list a page reaches; of what follows a cursor, from there on. */
const endOf = ({ position: { before, after }, limit }: Pick<AskedMovies, 'position' | 'limit'>): number =>
  (after === undefined ? before : 0) + limit;

/** What ways of looking for terms are chosen by. */
const readLookups = async (pool: Pool, counts: Pick<Counts, 'movieRows' | 'commonTerms'>) => ({
  movies: await counts.movieRows(pool),
  common: await counts.commonTerms(pool),
});

interface Browse {
  pool: Pool;
  filters: MovieFilters;
  asked: AskedMovies & { sort: BrowseSort };
  counts: Counts;
  count: () => Promise<number>;
  estimate: () => Promise<Estimate>;
  /** Whether surely few pass, without counting them. */
  passFew: () => Promise<boolean>;
}

async function doFewPass(
  pool: Pool,
  filters: MovieFilters,
  { counts, estimate }: Pick<Browse, 'counts' | 'estimate'>,
): Promise<boolean> {
  if ((await estimate()).matches < few) return true;
  const common = await counts.commonTerms(pool);
  return areRarelyHad(pool, termListsOf(filters) ?? [], { common, most: few });
}

/**
 * So far into a list, the list is found once and kept for a while: to skip rows costs as much each time, and where
 * something is looked up for each of them, much more.
 */
const deepFrom = 1000;
const deepFromWithTerms = 200;
const isDeep = ({ before, after }: AskedMovies['position'], filters: MovieFilters) =>
  after === undefined && before >= (hasTerms(filters) ? deepFromWithTerms : deepFrom);

/** Whether all movies have to be looked at to find a few: that is done once. */
const isDear = async ({ filters, estimate }: Browse): Promise<boolean> =>
  !areNamed(filters) && (await estimate()).cost > mostCost;

/** By bits where these say it: that costs the same for any page. Else the beginning of the list is found and kept. */
const readFar = async (browse: Browse): Promise<PageReading> => (await readNoted(browse)) ?? readKept(browse);

/** A page as the job `terms` has noted it; nothing where bits do not say it, and in small mirrors. */
async function readNoted({ pool, filters, asked, counts }: Browse): Promise<PageReading | undefined> {
  const { sort, order, position, limit } = asked;
  const rows = { order: notedOrder(sort, order), skip: position.before, limit };
  const found = await counts.findNoted(pool, filters, rows);
  if (found === undefined) return undefined;
  const page = { ids: found.ids, isLast: position.before + limit >= found.total };
  return { ...(await selectOne(pool, keptPageStatement(page, asked))), total: found.total };
}

async function readKept(browse: Browse): Promise<PageReading> {
  const { pool, filters, asked, counts, count } = browse;
  const { sort, order, position, limit } = asked;
  const end = position.before + limit;
  const most = reachOf(end);
  const ids = await counts.lists(JSON.stringify([filters, sort, order, most]), async () => {
    const statement = await chooseAnyList(browse, most);
    return (await selectOne(pool, statement)).ids;
  });
  const total = ids.length < most ? ids.length : Math.max(ids.length, await count());
  const page = { ids: ids.slice(position.before, end), isLast: end >= total };
  return { ...(await selectOne(pool, keptPageStatement(page, asked))), total };
}

/** The cheapest way to the beginning of a list, however many pass. */
async function chooseAnyList(browse: Browse, most: number) {
  const { pool, filters, asked, counts, count, passFew } = browse;
  const listed = (planned: Planned) => listStatement(filters, { ...asked, most }, planned);
  const { movies, common } = await readLookups(pool, counts);
  const total = (await passFew()) ? 0 : await count();
  if (total < few) {
    const byBits = listed({ ...asFew, terms: 'hashed', common });
    const isSooner = countSets(byBits) === 0 && (await isDear(browse)) && (await haveMany(browse, movies));
    return isSooner ? byBits : listed(await asFewOf(browse));
  }
  return hasTerms(filters) ? chooseList(pool, listed, { total, most, movies, common }) : listed({});
}

/** Whether so many movies have the terms that bits are sooner looked at for all movies, whatever else is asked. */
async function haveMany({ pool, filters }: Browse, movies: number): Promise<boolean> {
  if (!hasTerms(filters)) return false;
  const { audience, keywords, companies, providers, certifications } = filters;
  const terms = { audience, keywords, companies, providers, certifications };
  const { rows } = await readPlan(pool, filterMovies(terms, { isEstimate: true }));
  return movies * costs.bits < rows * costs.byId;
}

/**
 * Where the planner would read an index of all movies, or compare the terms of each with very many, those with the terms
 * are looked up one by one. Else, as with movies of people, which are few, the planner chooses.
 */
const asFewOf = async (browse: Browse): Promise<Planned> =>
  (await isDear(browse)) || (await areFoundByLong(browse)) ? { ...asFew, terms: 'byId' } : asFew;

const areFoundByLong = async ({ pool, filters, counts }: Browse): Promise<boolean> =>
  (await readLong(pool, filters, counts)) !== undefined;

/** Fewer are collected whatever is asked of them. */
const few = 3000;

/**
 * Whether movies are collected whole to count and to sort them, or read along the index of the order and counted apart:
 * that is cheaper where a page's rows are soon found, since a count is kept. Movies of people, and named ones, are few.
 */
async function isCollected({ pool, filters, asked, counts, count, passFew }: Browse): Promise<boolean> {
  if (areNamed(filters)) return true;
  if (!(await counts.movies.isNoted(pool, filters)) && (await passFew())) return true;
  // The statistics know nothing of what goes together: where nothing does, an index would be walked along to its end.
  const total = await count();
  if (total >= mostCollected) return false;
  const terms = askedTerms(filters);
  const movies = await counts.movieRows(pool);
  return total < few || isSoonerCollected({ total, end: endOf(asked), terms, movies });
}

const areNamed = ({ ids, actors, directors }: MovieFilters): boolean =>
  ids !== undefined || actors !== undefined || directors !== undefined;

/** So many movies that pass are looked at one by one for a query. */
const fewToSearch = 6000;
/** The same where they have to be found by their terms. Of more, as many of the best known are looked at. */
const fewToSearchWithTerms = mostBest;

async function areFew(pool: Pool, filters: MovieFilters, counts: Counts): Promise<boolean> {
  return (
    areNamed(filters) ||
    (await estimateOf(pool, filters, counts)).matches <
      (hasTerms(filters) ? fewToSearchWithTerms : fewToSearch)
  );
}

/** So many are found in the time in which those that match a common word are compared with a hundred terms. */
const mostHaving = 15_000;

/** By bits where these say it: then it is known how many pass, and what passes is asked the same way for all filters. */
async function readPassing(pool: Pool, filters: MovieFilters, counts: Counts): Promise<SearchPassing> {
  const rows = { order: notedOrder('popularity', 'desc'), skip: 0, limit: mostBest };
  const noted = areNamed(filters) ? undefined : await counts.findNoted(pool, filters, rows);
  if (noted !== undefined) return { noted, fewPass: noted.total <= mostBest };
  const long = await readLong(pool, filters, counts);
  return { fewPass: await areFew(pool, filters, counts), long };
}

/** A long list of terms of which few movies have any, as far as that is known. */
async function readLong(pool: Pool, filters: MovieFilters, counts: Counts) {
  const long = longListOf(termsOf(filters, {}));
  const having = long && (await counts.movies.having(pool, [long]));
  return having !== undefined && having <= mostHaving ? long : undefined;
}

const estimateOf = async (pool: Pool, filters: MovieFilters, counts: Counts): Promise<Estimate> =>
  estimateMatches(pool, filters, await counts.genreShares(pool));
