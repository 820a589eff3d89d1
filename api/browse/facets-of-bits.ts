import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { countriesWithBits } from '#shared/movies/country-bits.ts';
import { countryBit, languageDigits, languageOf, yearDigits, yearOf } from '#shared/movies/movie-bits.ts';
import { genreTerm } from '#shared/movies/term-codes.ts';
import { queryStore } from '../store/query-store.ts';
import { type BitSet, countBoth, countNumbers, wordsIn } from './bit-sets.ts';
import type { StoredFacets } from './facets.ts';
import type { KeptBits } from './kept-bits.ts';

const genresStatement = prepared<void, { id: number; name: string }>(
  'api-genres-of-facets',
  () => sql`select id, name from genres order by id`,
);

const manyWords = 5000;

/** What `facetsOf` counts, of movies that are known as bits. */
export async function facetsOfBits(pool: Pool, kept: KeptBits, movies: BitSet): Promise<StoredFacets> {
  const genres = await queryStore(pool, genresStatement());
  const words = wordsIn(movies);
  // Of most of a million movies each step takes some milliseconds, in which nobody is answered.
  const pause = async () => (words.length > manyWords ? await Bun.sleep(0) : undefined);
  const countOf = async (terms: readonly number[]) =>
    (await kept.read(terms)).map((bits) => countBoth(movies, bits, words));
  const countEach = async (digits: readonly number[]) =>
    // What is not known is number 0.
    countNumbers(movies, words, await kept.numbers(digits), 2 ** digits.length).fill(0, 0, 1);
  const ofGenres = await countOf(genres.map(({ id }) => genreTerm(id)));
  await pause();
  const ofCountries = await countOf(countriesWithBits.map((_, bit) => countryBit(bit)));
  await pause();
  const languages = await countEach(languageDigits.digits);
  await pause();
  const years = await countEach(yearDigits);
  const named = genres.map((genre, at) => ({ ...genre, count: ofGenres[at] ?? 0 }));
  return {
    genres: named.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count),
    countries: pairsOf(ofCountries, (bit) => (1n << BigInt(bit)).toString()),
    languages: pairsOf(languages, languageOf),
    years: pairsOf(years, yearOf),
  };
}

/** The most first. */
function pairsOf<Value>(
  counts: ArrayLike<number>,
  nameOf: (number: number) => Value,
): [value: Value, count: number][] {
  const pairs: { number: number; count: number }[] = [];
  for (let number = 0; number < counts.length; number++) {
    const count = counts[number] as number;
    if (count > 0) pairs.push({ number, count });
  }
  return pairs
    .sort((one, other) => other.count - one.count || one.number - other.number)
    .map(({ count, number }) => [nameOf(number), count]);
}
