import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { placedBit, sampledBit, shownBit, sortedBit } from '#shared/movies/movie-bits.ts';
import { isSampled } from '#shared/movies/sampled-movies.ts';
import { isColumnTerm } from '#shared/movies/term-codes.ts';
import { keepForAMinute } from '../store/keep-for-a-minute.ts';
import { queryInBinary } from '../store/query-in-binary.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import {
  addDigit,
  type BitSet,
  type BitTree,
  bitSetOf,
  bitSetOfIds,
  combine,
  countBoth,
  leavesOf,
  wordsIn,
} from './bit-sets.ts';
import { isShown } from './movie-filters.ts';
import { readNotedIds } from './read-noted-ids.ts';

/** At a million movies those of one term take 125 kB, and those of all columns 20 MB. No terms drive these out. */
const mostBytes = { columns: 32 * 2 ** 20, terms: 8 * 2 ** 20 };
/** More movies are not looked up one by one. */
const mostRare = 4000;
/** What has changed since the bits were made: as soon as it is more, they say too little. */
const mostDrift = 0.01;

const versionsStatement = prepared<void, { term: number; version: string; reach: number }>(
  'api-kept-bits',
  () => sql`select term::float8 as term, xmin::text as version, reach from common_terms`,
);

const bitsStatement = prepared<{ terms: readonly number[] }, { place: number; movies: Buffer }>(
  'api-bits',
  ({ terms }) => sql`
    select place::int as place, movies
    from unnest(${terms}::bigint[]) with ordinality as asked(term, place) join common_terms using (term)`,
);

const sampleStatement = prepared<void, { shown: number; placed: number; sorted: number }>(
  'api-sampled-movies',
  () => sql`
    select count(*)::int as shown, count(country_bits)::int as placed, count(genre_bits)::int as sorted
    from movies m where ${isShown} and ${isSampled('m.id')}`,
);

/** The language and the year: each takes 2 MB at a million movies. */
const mostNumbers = 2;

interface Kept {
  columns: LRUCache<string, BitSet>;
  terms: LRUCache<string, BitSet>;
  numbers: LRUCache<string, Uint16Array>;
}

interface Versions {
  /** Of the bits of each term that are kept. */
  of: ReadonlyMap<number, string>;
  words: number;
}

/** Bits to be combined, as of the same look at the database. */
export interface KeptBits {
  /** They say something of TMDb's ids below this. */
  reach: number;
  has: (term: number) => boolean;
  /** Reads what is not in memory yet. `undefined`: too many movies have the rare terms. */
  combine: (tree: BitTree) => Promise<BitSet | undefined>;
  /** The bits of these, which are not to be changed. None are set of one that no movie has. */
  read: (terms: readonly number[]) => Promise<BitSet[]>;
  /** The number of each id, by the terms of its digits, the lowest first. */
  numbers: (digits: readonly number[]) => Promise<Uint16Array>;
}

/**
 * What the job `terms` has noted of all movies, bit by bit (`movie-bits.ts`).
 * @returns nothing where it has noted nothing yet, or where more has changed since than may be left aside
 */
export function watchKeptBits(): (pool: Pool) => Promise<KeptBits | undefined> {
  const kept: Kept = {
    columns: new LRUCache({ maxSize: mostBytes.columns, sizeCalculation }),
    terms: new LRUCache({ maxSize: mostBytes.terms, sizeCalculation }),
    numbers: new LRUCache({ max: mostNumbers }),
  };
  return keepForAMinute(async (pool) => {
    const versions = await readVersions(pool);
    if (!versions.of.has(shownBit)) return undefined;
    const bits = keptBits(pool, versions, kept);
    return (await areFresh(pool, bits)) ? bits : undefined;
  });
}

const sizeCalculation = (bits: BitSet) => bits.byteLength;

async function readVersions(pool: Pool): Promise<Versions> {
  const rows = await queryStore(pool, versionsStatement());
  const reach = rows.reduce((most, row) => Math.max(most, row.reach), 0);
  return { of: new Map(rows.map(({ term, version }) => [term, version])), words: Math.ceil(reach / 32) };
}

function keptBits(pool: Pool, { of, words }: Versions, kept: Kept): KeptBits {
  const none = new Uint32Array(words);
  const keyOf = (term: number) => `${term}/${of.get(term)}/${words}`;
  const keptOf = (term: number) => (isColumnTerm(term) ? kept.columns : kept.terms);
  const readAll = async (terms: readonly number[]): Promise<Map<number, BitSet>> => {
    const found = new Map<number, BitSet>();
    const missing: number[] = [];
    for (const term of new Set(terms)) {
      const bits = of.has(term) ? keptOf(term).get(keyOf(term)) : none;
      if (bits === undefined) missing.push(term);
      else found.set(term, bits);
    }
    const rows = missing.length === 0 ? [] : await queryInBinary(pool, bitsStatement({ terms: missing }));
    for (const { place, movies } of rows) {
      const term = missing[place - 1] ?? 0;
      const bits = bitSetOf(movies, words);
      keptOf(term).set(keyOf(term), bits);
      found.set(term, bits);
    }
    return found;
  };
  const read = async (terms: readonly number[]) => {
    const found = await readAll(terms);
    return terms.map((term) => found.get(term) ?? none);
  };
  return {
    reach: words * 32,
    has: (term) => of.has(term),
    read,
    async numbers(digits) {
      const key = digits.map(keyOf).join();
      const known = kept.numbers.get(key);
      if (known !== undefined) return known;
      const numbers = new Uint16Array(words * 32);
      for (const [digit, bits] of (await read(digits)).entries()) {
        addDigit(numbers, bits, digit);
        // Each digit takes some milliseconds, in which nobody is answered.
        await Bun.sleep(0);
      }
      kept.numbers.set(key, numbers);
      return numbers;
    },
    async combine(tree) {
      const leaves = leavesOf(tree);
      const found = await readAll(leaves.flatMap((leaf) => ('term' in leaf ? [leaf.term] : [])));
      const rare = await readRare(
        pool,
        leaves.flatMap((leaf) => ('rare' in leaf ? leaf.rare : [])),
      );
      if (rare === undefined) return undefined;
      const others = new Map<unknown, BitSet>();
      for (const leaf of leaves) {
        if ('term' in leaf) continue;
        const ids = 'ids' in leaf ? leaf.ids : leaf.rare.map((term) => rare.get(term) ?? []);
        others.set(leaf, bitSetOfIds(ids, words));
      }
      return combine(
        tree,
        words,
        (leaf) => ('term' in leaf ? found.get(leaf.term) : others.get(leaf)) ?? none,
      );
    },
  };
}

const lookupStatement = prepared<{ terms: readonly number[] }, { place: number; id: number }>(
  'api-movies-of-rare-terms',
  ({ terms }) => sql`
    select place::int as place, (select m.tmdb_id from movies m where m.id = looked.movie_id) as id
    from (
      select asked.place, found.movie_id
      from unnest(${terms}::bigint[]) with ordinality as asked(term, place), lateral (
        select movie_id from movie_terms where terms @> array[asked.term] offset 0
      ) found
      limit ${mostRare + 1}
    ) looked`,
);

/**
 * The movies of each term: by the ids that are noted, or looked up, where few have it or nothing is noted yet.
 * @returns nothing for too many
 */
async function readRare(
  pool: Pool,
  terms: readonly number[],
): Promise<ReadonlyMap<number, ArrayLike<number>> | undefined> {
  const noted = await readNotedIds(pool, terms);
  const others = [...new Set(terms)].filter((term) => !noted.has(term));
  if (others.length === 0) return noted;
  const rows = await queryStore(pool, lookupStatement({ terms: others }));
  if (rows.length > mostRare) return undefined;
  const lookedUp = new Map<number, number[]>(others.map((term) => [term, []]));
  for (const { place, id } of rows) lookedUp.get(others[place - 1] ?? 0)?.push(id);
  return new Map<number, ArrayLike<number>>([...noted, ...lookedUp]);
}

/** By the movies of the sample: how many they are now, and how many they were. */
async function areFresh(pool: Pool, bits: KeptBits): Promise<boolean> {
  const { shown, placed, sorted } = await selectOne(pool, sampleStatement());
  const [sampled = new Uint32Array(), ...then] = await bits.read([
    sampledBit,
    shownBit,
    placedBit,
    sortedBit,
  ]);
  const words = wordsIn(sampled);
  const noted = then.map((each) => countBoth(sampled, each, words));
  return [shown, placed, sorted].every((now, at) => {
    const before = noted[at] ?? 0;
    return Math.abs(now - before) <= before * mostDrift;
  });
}
