import type { Pool } from 'pg';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import {
  type Digits,
  isToldYear,
  languageDigits,
  languageNumber,
  leastVoteNumber,
  releaseDigits,
  releaseNumber,
  runtimeDigits,
  voteCountDigits,
  voteDigits,
} from '#shared/movies/movie-bits.ts';
import { creditedTerm, genreTerm, isGenreTerm } from '#shared/movies/term-codes.ts';
import type { BitTree } from '../../browse/bit-sets.ts';
import type { Noted } from '../../browse/find-by-bits.ts';
import { certified, haveAnyOf } from '../../browse/match-bits.ts';
import { isShown } from '../../browse/movie-filters.ts';
import { atLeast, below, dayAfter, equal, Unsaid } from '../../browse/number-bits.ts';
import { queryStore } from '../../store/query-store.ts';

/** Of more movies that are looked up one by one, nothing is said. */
const mostFound = 4000;

/** What bits and ids are read with, as of the same look at the database. */
export interface Sayer extends Noted {
  /** The movies of a statement that selects `tmdb_id`, as they are now. @throws {Unsaid} for too many */
  find: (ids: Fragment<{ tmdb_id: number }>) => Promise<BitTree>;
  /** Rows that name movies, likewise. */
  findRows: <Row>(rows: Fragment<Row>) => Promise<Row[]>;
}

/** A condition as bits to be combined. @throws {Unsaid} where they do not say it */
export type Said = (sayer: Sayer) => BitTree | Promise<BitTree>;

const nothing: BitTree = { any: [] };

export function createSayer(pool: Pool, from: Noted): Sayer {
  const findRows = async <Row>(rows: Fragment<Row>) => {
    const found = await queryStore(pool, sql<Row>`${rows} limit ${mostFound + 1}::bigint`);
    if (found.length > mostFound) throw new Unsaid();
    return found;
  };
  return {
    ...from,
    findRows,
    find: async (ids) => ({ ids: [(await findRows(ids)).map(({ tmdb_id }) => tmdb_id)] }),
  };
}

/** Says which movies have any of some terms, all of which are among `all`. */
export async function createSayTerms(
  { kept, findRows }: Sayer,
  all: readonly number[],
): Promise<(terms: readonly number[]) => BitTree> {
  // A genre that came since stands in no bits, and in no `movie_terms`.
  const isNew = (term: number) => isGenreTerm(term) && !kept.has(term);
  const genres = all.filter(isNew).map((term) => term - genreTerm(0));
  const rows =
    genres.length === 0
      ? []
      : await findRows(sql<{ genre_id: number; tmdb_id: number }>`
          select g.genre_id, m.tmdb_id from movie_genres g join movies m on m.id = g.movie_id
          where g.genre_id = any(${genres}::int[])`);
  const added = Map.groupBy(rows, ({ genre_id }) => genreTerm(genre_id));
  const addedTo = (term: number) => (added.get(term) ?? []).map(({ tmdb_id }) => tmdb_id);
  return (terms) => {
    const others = haveAnyOf(
      terms.filter((term) => !isNew(term)),
      kept.has,
    );
    const ids = terms.filter(isNew).map(addedTo);
    return ids.length === 0 ? others : { any: [others, { ids }] };
  };
}

const shownWhere = (condition: Fragment): Fragment<{ tmdb_id: number }> =>
  sql`select m.tmdb_id from movies m where ${isShown} and ${condition}`;

/** No vote has more than three places. */
export const votes = {
  gte: (vote: number): Said => sayAtLeast(voteDigits, vote <= 0 ? 0 : leastVoteNumber(vote)),
  lte: (vote: number): Said =>
    vote < 0
      ? () => nothing
      : sayBelow(voteDigits, leastVoteNumber((Math.floor(Number((vote * 1000).toFixed(6))) + 1) / 1000)),
};

/** Higher numbers than bits say have few movies only. */
const sayWhole = (digits: Digits, column: string, least: number) => ({
  gte: (number: number): Said =>
    number < digits.most
      ? sayAtLeast(digits, Math.max(least, number))
      : ({ find }) => find(shownWhere(sql`${raw(column)} >= ${number}::int`)),
  lte: (number: number): Said =>
    number < least
      ? () => nothing
      : async (sayer) => ({
          all: [
            await sayAtLeast(digits, least)(sayer),
            number < digits.most - 1
              ? below(digits, number + 1)
              : {
                  all: [{ term: digits.known }],
                  none: [await sayer.find(shownWhere(sql`${raw(column)} > ${number}::int`))],
                },
          ],
        }),
});

export const voteCounts = sayWhole(voteCountDigits, 'm.vote_count', 0);
/** A runtime of 0 is none. */
export const runtimes = sayWhole(runtimeDigits, 'm.runtime', 1);

const sayAtLeast =
  (digits: Digits, number: number): Said =>
  () =>
    number > digits.most ? nothing : atLeast(digits, number);

const sayBelow =
  (digits: Digits, end: number): Said =>
  () =>
    end > digits.most ? { term: digits.known } : below(digits, end);

const [firstDay, lastDay] = ['1802-01-01', '2054-12-31'] as const;
const isTold = (date: string) => isToldYear(Number(date.slice(0, 4)));

/** Days before and after all that bits tell apart have few movies only. */
export const dates = {
  gte:
    (date: string): Said =>
    async ({ find }) => {
      if (isTold(date)) return atLeast(releaseDigits, releaseNumber(date));
      if (date > lastDay) return find(shownWhere(sql`m.release_date >= ${date}::date`));
      const before = await find(
        shownWhere(sql`m.release_date >= ${date}::date and m.release_date < ${firstDay}::date`),
      );
      return { any: [atLeast(releaseDigits, releaseNumber(firstDay)), before] };
    },
  lte:
    (date: string): Said =>
    async ({ find }) => {
      if (date < firstDay) return find(shownWhere(sql`m.release_date <= ${date}::date`));
      if (isTold(date)) return below(releaseDigits, releaseNumber(dayAfter(date)));
      const after = await find(
        shownWhere(sql`m.release_date > ${lastDay}::date and m.release_date <= ${date}::date`),
      );
      return { any: [below(releaseDigits, releaseNumber(dayAfter(lastDay))), after] };
    },
};

/** @param codes of two letters, or of none that there is */
export const inLanguages =
  (codes: readonly string[]): Said =>
  async ({ find }) => {
    const numbers = codes.map((code) => languageNumber(code));
    const others = codes.filter((_, at) => numbers[at] === undefined);
    return {
      any: [
        ...numbers.flatMap((number) => (number === undefined ? [] : [equal(languageDigits, number)])),
        ...(others.length > 0
          ? [await find(shownWhere(sql`m.original_language = any(${others}::text[])`))]
          : []),
      ],
    };
  };

/** Of the US. */
export const certifiedAs =
  (names: readonly string[]): Said =>
  ({ kept }) => ({ any: names.map((name) => certified(name, kept.has)) });

/** Movies in whose casts or crews any of the people is, or all of them are. */
export const creditedAs =
  ({ any, ids: people }: { any: boolean; ids: readonly number[] }, kind: 'cast' | 'crew' | undefined): Said =>
  async ({ noted, findRows }) => {
    const termsOf = (person: number) => creditKinds.map((each) => creditedTerm(person, each));
    const busy = await noted.ofTerms(people.filter((id) => id > 0).flatMap(termsOf));
    // Who has many credits may have few of one kind: these are noted, too.
    const others = people.filter((id) => !termsOf(id).some((term) => busy.has(term)));
    const credits =
      others.length === 0
        ? []
        : await findRows(sql<Credit>`
            select c.person_id, m.tmdb_id from credits c join movies m on m.id = c.movie_id
            where c.person_id = any(${others}::int[]) and (${kind ?? null}::text is null or c.kind = ${kind ?? null})`);
    const found = Map.groupBy(credits, ({ person_id }) => person_id);
    const moviesOf = (person: number) => [
      ...creditKinds
        .filter((each) => kind === undefined || each === kind)
        .flatMap((each) => busy.get(creditedTerm(person, each)) ?? []),
      (found.get(person) ?? []).map(({ tmdb_id }) => tmdb_id),
    ];
    if (any) return { ids: people.flatMap(moviesOf) };
    const [first, ...rest] = people.map((person): BitTree => ({ ids: moviesOf(person) }));
    return first === undefined ? nothing : { all: [first, ...rest] };
  };
const creditKinds = ['cast', 'crew'] as const;

interface Credit {
  person_id: number;
  tmdb_id: number;
}

const dayMs = 86_400_000;
const dayOf = (date: string) => Math.floor(Date.parse(date) / dayMs);

/** By the first release in a country. @param from, to days, which both count */
export const releasedIn =
  (country: string, { from, to }: { from: string | undefined; to: string | undefined }): Said =>
  async ({ noted }) => {
    const pairs = await noted.releases(country);
    const [start, end] = [
      from === undefined ? 0 : firstFrom(pairs, dayOf(from)),
      to === undefined ? pairs.length / 2 : firstFrom(pairs, dayOf(to) + 1),
    ];
    const ids = new Int32Array(Math.max(0, end - start));
    for (let at = 0; at < ids.length; at++) ids[at] = pairs[(start + at) * 2 + 1] as number;
    return { ids: [ids] };
  };

/** The place of the first pair of this day or a later one. */
function firstFrom(pairs: Int32Array, day: number): number {
  let [low, high] = [0, pairs.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pairs[middle * 2] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
