import { shownBit } from '#shared/movies/movie-bits.ts';
import { orderTerm } from '#shared/movies/noted-lists.ts';
import type { Database } from '#shared/orm/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { noteCommonTerms } from '#worker/maintenance/note-common-terms.ts';
import type { BenchContext } from '../bench.ts';
import { generatedMovies } from '../generated-movies.ts';
import { fillCatalogue } from './fill-catalogue.ts';
import { readRealNames } from './read-real-names.ts';

/** To be changed with what `fillCatalogue` writes: databases that are kept are of one version. */
const version = 3;
const languages = 8;

export interface Catalogue {
  /** So many movies and as many people. Who opens it changes none of them. */
  database: Database;
  titles: string[];
  names: string[];
  /** What the titles and names are mixed from. */
  source: string;
}

/** A database with so many movies, people and all that lists and searches read, each movie with eight other titles. */
export async function openCatalogue(
  { postgres, realData, say }: Pick<BenchContext, 'postgres' | 'realData' | 'say'>,
  count: number,
): Promise<Catalogue> {
  const { titles, names } = realData === undefined ? inventedNames() : await readRealNames(realData);
  const kind = realData === undefined ? 'sandbox' : 'real';
  const database = await postgres.filled(`catalogue_${version}_${kind}_${count}`, async (empty) => {
    say(`filling ${count} movies and as many people`);
    await fillCatalogue(empty, { count, titles, names, languages });
  });
  // One that an older version kept has none yet, and in one that was kept for long they are older than the job leaves them.
  const { rows } = await database.pool.query(
    `select from common_terms, noted_ids where common_terms.term = $1 and noted_ids.term = $2
      and common_terms.noted_hour >= floor(extract(epoch from now()) / 3600) - 1`,
    [shownBit, orderTerm('rating', 'known')],
  );
  if (rows.length === 0) await noteCommonTerms({ trigger: 'admin' }, jobContext(database));
  const source = realData === undefined ? 'those of the sandbox' : 'those of the real records';
  return { database, titles, names, source };
}

/** Of the sandbox's movies: on every machine the same. */
export function inventedNames() {
  const movies = generatedMovies(1000);
  const people = new Set(movies.flatMap((movie) => movie.people.map((person) => person.name)));
  // Some of the sandbox's are one endless word: five of those are no title.
  const short = (texts: string[]) => texts.filter(({ length }) => length < 50);
  return { titles: short(movies.map((movie) => movie.title)), names: short([...people]) };
}
