import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import {
  adultBit,
  certificationBit,
  countryBit,
  type Digits,
  languageDigits,
  languageNumber,
  mildCertificationBit,
  mildCertifications,
  placedBit,
  releaseDigits,
  releaseNumber,
  runtimeDigits,
  sampledBit,
  shownBit,
  sortedBit,
  voteCountDigits,
  voteDigits,
  voteNumber,
} from '#shared/movies/movie-bits.ts';
import { sampledText } from '#shared/movies/sampled-movies.ts';
import type { Sql } from '../store/write-transaction.ts';

interface MovieRow {
  /** What is in an index of lists, so that no row is read. */
  id: string;
  tmdb_id: number;
  adult: boolean | null;
  certification: string | null;
  released: string | null;
  vote_average: number | null;
  vote_count: number | null;
  is_sorted: boolean;
  country_bits: string | null;
  original_language: string | null;
  runtime: number | null;
  is_sampled: boolean;
}

/** Few enough that whoever shares the process waits for some milliseconds only. */
const batch = 1000;

/** The first bit of a byte is its highest. */
export function setBit(bits: Buffer, id: number): void {
  bits[id >> 3] = (bits[id >> 3] ?? 0) | (0x80 >> (id & 7));
}

/** What `movie-bits.ts` names, of all movies that lists may show. @param reach ids below are looked at */
export async function collectMovieBits(
  on: Sql,
  reach: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Buffer>> {
  const { all, add } = createCollection(reach);
  let after = '0';
  for (;;) {
    signal.throwIfAborted();
    const rows = await readRows(on, after, reach);
    for (const row of rows) add(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return all;
    after = last.id;
  }
}

const readRows = (on: Sql, after: string, reach: number): Promise<MovieRow[]> =>
  runStatement(
    on,
    sql<MovieRow>`
      select id::text, tmdb_id, adult, certification, release_date::text as released, vote_average, vote_count,
        genre_bits is not null as is_sorted, country_bits::text, original_language, runtime, ${raw(sampledText('id'))} as is_sampled
      from movies where state in ('listed', 'detailed') and id > ${after}::bigint and tmdb_id < ${reach}::int
      order by movies.id limit ${batch}`,
  );

function createCollection(reach: number) {
  const all = new Map<number, Buffer>();
  const bitsOf = (term: number) => {
    let bits = all.get(term);
    if (bits === undefined) {
      bits = Buffer.alloc(reach / 8);
      all.set(term, bits);
    }
    return bits;
  };
  const set = (term: number, id: number) => setBit(bitsOf(term), id);
  const numberWriter = ({ digits, known, most }: Digits) => {
    const [isKnown, ofDigits] = [bitsOf(known), digits.map(bitsOf)];
    return (id: number, number: number | undefined) => {
      if (number === undefined) return;
      setBit(isKnown, id);
      const said = Math.min(Math.max(0, number), most);
      for (let at = 0, left = said; left > 0; at++, left >>= 1)
        if (left & 1) setBit(ofDigits[at] as Buffer, id);
    };
  };
  const [language, release, vote] = [languageDigits, releaseDigits, voteDigits].map(numberWriter);
  const [voteCount, runtime] = [voteCountDigits, runtimeDigits].map(numberWriter);
  // Also where there are none: to leave them out is asked of nearly every list.
  bitsOf(adultBit);
  const mild = new Map<string, number>(mildCertifications.map((name) => [name, mildCertificationBit(name)]));
  for (const term of mild.values()) bitsOf(term);
  const add = (row: MovieRow) => {
    const id = row.tmdb_id;
    set(shownBit, id);
    if (row.adult === true) set(adultBit, id);
    if (row.is_sampled) set(sampledBit, id);
    if (row.country_bits !== null) set(placedBit, id);
    if (row.is_sorted) set(sortedBit, id);
    for (const bit of setBitsOf(row.country_bits)) set(countryBit(bit), id);
    const { certification: name } = row;
    const certification = name === null ? undefined : (mild.get(name) ?? certificationBit(name));
    if (certification !== undefined) set(certification, id);
    language?.(id, languageNumber(row.original_language ?? ''));
    release?.(id, row.released === null ? undefined : releaseNumber(row.released));
    vote?.(id, row.vote_average === null ? undefined : voteNumber(row.vote_average));
    voteCount?.(id, row.vote_count ?? undefined);
    runtime?.(id, row.runtime ?? undefined);
  };
  return { all, add };
}

const setBitsCache = new Map<string, number[]>();
const mostCached = 10_000;

/** Many movies have the same. @param bits a `bigint`, as PostgreSQL writes it */
function setBitsOf(bits: string | null): readonly number[] {
  if (bits === null) return [];
  const known = setBitsCache.get(bits);
  if (known !== undefined) return known;
  const set: number[] = [];
  for (let left = BigInt.asUintN(64, BigInt(bits)), at = 0; left > 0n; left >>= 1n, at++)
    if (left & 1n) set.push(at);
  if (setBitsCache.size < mostCached) setBitsCache.set(bits, set);
  return set;
}
