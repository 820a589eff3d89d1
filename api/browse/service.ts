import type { Pool } from 'pg';
import { type Audience, audienceOf } from '#api/movies/audience.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorPageMeta } from '../http/answers/model.ts';
import { pageMeta } from '../http/answers/page-meta.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { MovieListItem } from '../movies/model.ts';
import { readAskedWords } from '../search/asked-words.ts';
import type { MatchOptions } from '../search/match-query.ts';
import { readNearWords } from '../search/near-words.ts';
import { shortKey } from '../search/short-key.ts';
import { selectOne } from '../store/select-one.ts';
import { browseStatement, countStatement } from './browse-statement.ts';
import { type Count, keepCounts } from './counts.ts';
import type { AskedMovies } from './model.ts';
import type { MovieFilters } from './movie-filters.ts';
import { searchStatement } from './search-statement.ts';

/** A list shows movies of any age: it is stale when the oldest of them is as old as a stale movie. */
const staleAfterMs = 7 * 86_400_000;

/** Fewer matches than these may be a typo's. */
const fewMatches = 10;

/** From so many on, the first page of them is found among the popular soon. */
const fewOfManyGenres = 10_000;

export interface BrowseService {
  /** @param dateOfBirth the caller's, if there is one who has told it */
  page(
    asked: AskedMovies,
    dateOfBirth: string | null | undefined,
  ): Promise<ReadyBody<MovieListItem[], MirrorPageMeta>>;
}

export function createBrowseService(lists: ListReads, now: () => number): BrowseService {
  const count = keepCounts();
  return {
    page(asked, dateOfBirth) {
      const audience = audienceOf(dateOfBirth, now());
      const { page, limit } = asked;
      return lists({
        key: keyOf(asked, audience),
        read: (pool) => readPage(pool, asked, audience, count),
        staleAfterMs,
        metaOf: ({ total }) => pageMeta({ page, limit }, total),
      });
    },
  };
}

function keyOf({ query, ...rest }: AskedMovies, audience: Audience): string {
  const asked = query === undefined ? undefined : shortKey(query);
  return `movies/${audience}/${query === undefined ? 0 : query.length}/${JSON.stringify([asked, rest])}`;
}

async function readPage(
  pool: Pool,
  asked: AskedMovies,
  audience: Audience,
  count: Count,
): Promise<ListReading<MovieListItem>> {
  const { query, genres, year, minVote, actor, sort } = asked;
  const filters: MovieFilters = { genres, year, minVote, actor, audience };
  if (query !== undefined || sort === 'relevance') return readSearch(pool, filters, asked, query ?? '');
  const countAll = () =>
    count(JSON.stringify(filters), async () => {
      const { total } = await selectOne(pool, countStatement(filters));
      return total;
    });
  // Many movies have each of two genres where hardly one has both: looking through the popular would not end.
  const few = genres.length > 1 && (await countAll()) < fewOfManyGenres;
  const reading = await selectOne(pool, browseStatement(filters, { ...asked, sort, few }));
  const before = (asked.page - 1) * asked.limit;
  // The last page says itself how many there are.
  if (reading.shown > 0 && reading.shown < asked.limit) return { ...reading, total: before + reading.shown };
  const total = await countAll();
  return { ...reading, total: Math.max(total, reading.shown === 0 ? 0 : before + reading.shown) };
}

/** First just what was asked for; where that finds little, what may have been meant; at last, all words but one. */
async function readSearch(pool: Pool, filters: MovieFilters, asked: AskedMovies, query: string) {
  const words = await readAskedWords(pool, query);
  const read = (match: MatchOptions) => selectOne(pool, searchStatement(filters, { ...asked, words, match }));
  const found = await read({});
  if (found.has_exact || found.total >= fewMatches || words.pieces.length === 0) return found;
  const near = await readNearWords(pool, 'title_words', words);
  const meant = near.size > 0 ? await read({ near }) : found;
  return meant.total > 0 || words.pieces.length < 2 ? meant : read({ near, withoutOne: true });
}
