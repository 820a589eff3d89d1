import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppendedPart, moviePartNames } from '#shared/movies/movie-parts.ts';
import { readLocalizedDetails, readMovieParts } from '#shared/movies/stored-parts.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { saveMovies } from './save-movies.ts';

const folder = join(process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data'), 'recorded');
const present = existsSync(folder);
if (!present) process.stdout.write(`no recorded exchanges at ${folder}: their tests are left out\n`);

type Json = Record<string, unknown>;

describe.skipIf(!present)('a movie that TMDb was asked about, with its parts', () => {
  let database: Database;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const recorded = (start: string): Json => {
    const file = readdirSync(folder).find((name) =>
      name.startsWith(`tmdblib__get_200_3_movie_47964_${start}`),
    );
    return JSON.parse(readFileSync(join(folder, file ?? start), 'utf8')).response.json;
  };

  test('is given back as it came, part by part, and in a language as TMDb gave it', async () => {
    const details = recorded('7df1b1');
    // One of each that was recorded without other questions.
    const parts = new Map<AppendedPart, Json>([
      ['credits', recorded('credits_')],
      ['keywords', recorded('keywords_')],
      ['recommendations', recorded('recommendations_efd')],
      ['similar', recorded('similar_e5')],
      ['release_dates', recorded('release_dates_')],
      ['videos', recorded('videos_')],
      ['images', recorded('images_49')],
      ['translations', recorded('translations_')],
      ['alternative_titles', recorded('alternative_titles_country_ca')],
    ]);
    const movie = parseDetails({ ...details, ...Object.fromEntries(parts) }, 47_964);
    expect(movie.parts.lost).toEqual([]);
    await saveMovies(database.orm.em.fork(), [movie], { now: new Date() });
    const read = await readMovieParts(database.pool, 47_964, moviePartNames);
    expect(JSON.parse(read?.details.text ?? '')).toEqual(details);
    for (const [part, { id: _, ...own }] of parts)
      expect([part, JSON.parse(read?.[part].text ?? '')]).toEqual([part, own]);
    const italian = recorded('language_it_');
    const { belongs_to_collection, genres, ...rest } =
      (await readLocalizedDetails(database.pool, 47_964, { language: 'it-IT' })) ?? {};
    expect(rest).toEqual(Object.fromEntries(Object.entries(italian).filter(([key]) => key in rest)));
    expect(Object.keys(italian)).toHaveLength(Object.keys(rest).length + 2);
    const { rows } = await database.pool.query(
      "select title, runtime from movie_translations where language in ('de-DE', 'fr-CA') order by language",
    );
    expect(rows).toEqual([
      { title: 'Stirb langsam - Ein guter Tag zum Sterben', runtime: 98 },
      { title: 'Une belle journée pour crever', runtime: 96 },
    ]);
    const { rows: titles } = await database.pool.query(
      'select country, title, type from movie_alternative_titles',
    );
    expect(titles).toEqual([{ country: 'CA', title: 'Une Belle journée pour crever', type: null }]);
  });
});
