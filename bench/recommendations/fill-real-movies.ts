import { openRealCatalogue } from '#sandbox/real-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import type { Database } from '#shared/orm/database.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { onClient } from '../bench-postgres.ts';
import { generatedMovies, saveGenreList } from '../generated-movies.ts';

const batchSize = 200;

/** Mirrors all real records, read as the worker would read them, but without any HTTP. */
export async function fillRealMovies(database: Database, realData: string): Promise<void> {
  await saveGenreList(database);
  const catalogue = await openRealCatalogue(realData);
  for (let start = 0; start < catalogue.size; start += batchSize) {
    const ids = Array.from({ length: Math.min(batchSize, catalogue.size - start) }, (_, n) =>
      catalogue.idAt(start + n),
    );
    const movies = ids.map((id) =>
      parseDetails(JSON.parse(JSON.stringify(catalogue.details(id, allParts))), id),
    );
    await saveMovies(database.orm.em.fork(), movies, { now: new Date() });
  }
  await onClient(database.clientConfig, 'vacuum analyze');
}

export async function fillGeneratedMovies(database: Database, count: number): Promise<void> {
  await saveGenreList(database);
  const movies = generatedMovies(count);
  for (let start = 0; start < movies.length; start += batchSize)
    await saveMovies(database.orm.em.fork(), movies.slice(start, start + batchSize), { now: new Date() });
  await onClient(database.clientConfig, 'vacuum analyze');
}
