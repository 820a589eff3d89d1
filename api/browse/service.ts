import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type Audience, audienceOf, type Caller, keyOfAudience } from '#api/movies/audience.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorCursorPageMeta } from '../http/answers/model.ts';
import { cursorPageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import { keyOfLocale, type Locale } from '../http/input/asked-locale.ts';
import { writeCursor } from '../http/input/cursor.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { MovieListItem } from '../movies/model.ts';
import { readAskedTitle } from '../search/asked-words.ts';
import type { MatchOptions } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import { collectStatement, countStatement, mostCollected, walkStatement } from './browse-statement.ts';
import { type Count, keepCounts } from './counts.ts';
import { ambiguousOf, estimateMatches, type GenreShares, watchGenreShares } from './estimate-matches.ts';
import { type AskedMovies, cursorsOf } from './model.ts';
import { isFiltered, type MovieFilters } from './movie-filters.ts';
import type { BrowseSort } from './movie-order.ts';
import type { PageReading } from './page-statement.ts';
import { searchStatement } from './search-statement.ts';
import { watchOldMovies } from './watch-old-movies.ts';

/** A list shows movies of any age: it is stale when the oldest of them is as old as a stale movie. */
const staleAfterMs = 7 * 86_400_000;

/** Fewer matches than these may be a typo's. */
const fewMatches = 10;

interface Counts {
  exact: Count;
  /** Filters that many movies pass: more than are collected at once. */
  many: LRUCache<string, true>;
  anyTooOld: (pool: Pool) => Promise<boolean>;
  genreShares: (pool: Pool) => Promise<GenreShares>;
}

export interface BrowseService {
  page(
    asked: AskedMovies,
    caller: Caller | undefined,
    locale: Locale,
  ): Promise<ReadyBody<MovieListItem[], MirrorCursorPageMeta>>;
}

interface BrowseDeps {
  lists: ListReads;
  localization: Localization;
  now: () => number;
}

export function createBrowseService({ lists, localization, now }: BrowseDeps): BrowseService {
  const counts: Counts = {
    exact: keepCounts(),
    many: new LRUCache({ max: 2000, ttl: 60_000 }),
    anyTooOld: watchOldMovies(),
    genreShares: watchGenreShares(),
  };
  return {
    page(asked, caller, locale) {
      const audience = audienceOf(caller, now());
      const { limit, position } = asked;
      const { language } = locale;
      const nextOf = ({ next_key }: Pick<ListReading<never>, 'next_key'>) =>
        next_key ? writeCursor(position.before + limit, next_key, cursorsOf(asked)) : undefined;
      return lists({
        key: `${keyOf(asked, audience)}/${keyOfLocale(locale)}`,
        language: locale.language,
        read: async (pool) =>
          localization.reading<MovieListItem>(
            await readPage(pool, { ...asked, language }, audience, counts),
            locale,
          ),
        staleAfterMs,
        metaOf: (reading) => ({
          ...cursorPageMeta(
            { before: position.before, limit },
            { total: reading.total, next: nextOf(reading) },
          ),
          language: { asked: locale.language },
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
  const { query, sort, order, position, limit, language, ...asking } = asked;
  const hidesOld = await counts.anyTooOld(pool);
  const shares = await counts.genreShares(pool);
  const ambiguous = ambiguousOf(asking.genres, shares);
  const filters: MovieFilters = { ...asking, audience, hidesOld, ambiguous };
  if (query !== undefined || sort === 'relevance') return readSearch(pool, filters, asked, query ?? '');
  return readBrowse(pool, filters, { ...asked, sort }, counts);
}

async function readBrowse(
  pool: Pool,
  filters: MovieFilters,
  asked: AskedMovies & { sort: BrowseSort },
  counts: Counts,
): Promise<PageReading> {
  const key = JSON.stringify(filters);
  if (isFiltered(filters) && !counts.many.has(key) && (await areFew(pool, filters, counts))) {
    const reading = await selectOne(pool, collectStatement(filters, asked));
    if (reading.total <= mostCollected) return reading;
    counts.many.set(key, true);
  }
  const [reading, total] = await Promise.all([
    selectOne(pool, walkStatement(filters, asked)),
    counts.exact(key, () => countAll(pool, filters)),
  ]);
  const shown = asked.position.before + reading.shown;
  // The last page says itself how many there are.
  const isLast = reading.shown > 0 && !reading.next_key;
  return { ...reading, total: isLast ? shown : Math.max(total, reading.next_key ? shown + 1 : 0) };
}

/**
 * Guessed, since to find out would cost as much as to collect them. An actor's movies are few. Those of genres are
 * counted by reading a whole index, so that they are collected on the way; what ranges leave is counted at once.
 */
async function areFew(pool: Pool, filters: MovieFilters, { genreShares }: Counts): Promise<boolean> {
  if (filters.actor !== undefined) return true;
  const few = filters.genres.length > 0 ? 30_000 : 8000;
  return (await estimateMatches(pool, filters, await genreShares(pool))) < few;
}

async function countAll(pool: Pool, filters: MovieFilters): Promise<number> {
  const { total } = await selectOne(pool, countStatement(filters));
  return total;
}

/** In a longer query every word but one is still much to look for, and a title is found by its other words seldom. */
const mostWithoutOne = 5;

/**
 * First just what was asked for; where that finds little, what may have been meant: words of the movies' own titles
 * first, words of other titles next, at last all words but one.
 * @param asked.language `xx-YY`: titles of this language come first among equals
 */
export async function readSearch(
  pool: Pool,
  filters: MovieFilters,
  asked: AskedMovies & { language: string },
  query: string,
) {
  const title = await readAskedTitle(pool, query);
  const read = (match: MatchOptions, elsewhere?: MatchOptions['near'] | false) =>
    selectOne(pool, searchStatement(filters, { ...asked, query, title, match, elsewhere }));
  const found = await read({});
  const words = title.readings.at(-1) ?? title.readings[0];
  if (found.is_sure || found.total >= fewMatches || words.pieces.length === 0) return found;
  // What was found elsewhere is found again, and where there was nothing there is nothing now.
  const strictly = found.is_elsewhere ? undefined : false;
  const near = await readNearWords(pool, 'title_words', words);
  const meant = near.size > 0 ? await read({ near }, strictly) : found;
  if (meant.is_meant || meant.total >= fewMatches) return meant;
  const others = await readNearWords(pool, 'other_title_words', words);
  const anywhere = others.size > 0 ? await read({ near }, others) : meant;
  const mayLackOne = words.pieces.length >= 2 && words.pieces.length <= mostWithoutOne;
  return anywhere.total > 0 || !mayLackOne ? anywhere : read({ near, withoutOne: true }, false);
}
