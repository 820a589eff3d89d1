import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';

const folder = join(process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data'), 'recorded');
const present = existsSync(folder);
if (!present) process.stdout.write(`no recorded exchanges at ${folder}: their tests are left out\n`);

// biome-ignore lint/suspicious/noExplicitAny: what TMDb answered, as it stands
type Json = Record<string, any>;

describe.skipIf(!present)('movies that TMDb was asked about', () => {
  const recorded = (name: string): Json => {
    const file = readdirSync(folder).find((found) => found.includes(name));
    return JSON.parse(readFileSync(join(folder, file ?? name), 'utf8')).response.json;
  };
  const english = present ? recorded('get_200_3_movie_47964_7df1b1') : {};
  const italian = present ? recorded('movie_47964_language_it_') : {};
  const translations = present ? recorded('movie_47964_translations_') : {};
  const releases = present ? recorded('movie_47964_release_dates_') : {};
  const german = present ? recorded('movie_19995_language_de_de_include_image_language_de') : {};

  let api: TestApi;
  const read = async (path: string): Promise<Json> => (await (await api.get(path)).json()) as Json;

  beforeAll(async () => {
    api = await openTestApi({ config: { rateLimit: false } });
    const parts = {
      translations,
      release_dates: releases,
      images: recorded('movie_47964_images_49a977'),
      videos: recorded('movie_47964_videos_'),
      credits: recorded('movie_47964_credits_'),
    };
    const row = {
      iso_639_1: 'de',
      iso_3166_1: 'DE',
      data: {
        title: german.title,
        overview: german.overview,
        tagline: german.tagline,
        homepage: german.homepage,
        runtime: german.runtime,
      },
    };
    // In English it was not recorded.
    const untold = { ...german, title: 'Avatar', overview: 'x', tagline: 'x', poster_path: '/x.jpg' };
    await saveMovies(
      api.database.orm.em.fork(),
      [
        parseDetails({ ...english, ...parts }, 47_964),
        parseDetails({ ...untold, translations: { translations: [row] } }, 19_995),
      ],
      { now: new Date() },
    );
    for (const { id, name } of italian.genres)
      await api.pool.query(
        "insert into genre_translations (genre_id, language, name, fetched_at) values ($1, 'it', $2, now())",
        [id, name],
      );
  });
  afterAll(() => api?.[Symbol.asyncDispose]());

  const shown = [
    'title',
    'original_title',
    'release_date',
    'poster_path',
    'backdrop_path',
    'runtime',
    'status',
  ];
  const texts = ['overview', 'tagline', 'homepage'];

  test('47964 in English and in Italian is what TMDb answered, and what it left empty is English', async () => {
    for (const [language, answer] of [
      ['en-US', english],
      ['it-IT', italian],
    ] as const) {
      const { data } = await read(`/api/movies/47964?language=${language}`);
      for (const field of shown) expect([field, data[field]]).toEqual([field, answer[field]]);
      for (const field of texts)
        expect([field, data[field]]).toEqual([field, answer[field] || english[field] || null]);
      expect(data.genres).toEqual(answer.genres);
      expect(data.countries).toEqual(answer.production_countries);
      expect(data.companies).toEqual(
        answer.production_companies.map((company: Json) => ({
          ...company,
          origin_country: company.origin_country || null,
        })),
      );
      expect([data.budget, data.revenue]).toEqual([answer.budget, answer.revenue]);
    }
  });

  test.each(['de-DE', 'fr-CA'])('47964 in %s has the texts of its translation', async (language) => {
    const { data, meta } = await read(`/api/movies/47964?language=${language}`);
    const [code, country] = language.split('-');
    const row = translations.translations.find(
      ({ iso_639_1, iso_3166_1 }: Json) => iso_639_1 === code && iso_3166_1 === country,
    ).data;
    for (const field of ['title', 'overview'])
      if (row[field]) {
        expect([field, data[field]]).toEqual([field, row[field]]);
        expect(meta.language[field]).toBe(language);
      }
    expect(data.translations).toContain(language);
  });

  test('19995 in German has the German poster and texts', async () => {
    const { data } = await read('/api/movies/19995?language=de-DE');
    for (const field of ['title', 'overview', 'tagline', 'poster_path', 'runtime'])
      expect([field, data[field]]).toEqual([field, german[field] || null]);
  });

  test('each country has its own date and certification', async () => {
    const turn = [3, 2, 1, 4, 5, 6];
    expect(releases.results.length).toBeGreaterThanOrEqual(20);
    for (const { iso_3166_1: country, release_dates: dates } of releases.results as Json[]) {
      const { data } = await read(`/api/movies/47964?region=${country}`);
      const [first] = dates
        .filter(({ type }: Json) => turn.includes(type))
        .toSorted(
          (a: Json, b: Json) =>
            turn.indexOf(a.type) - turn.indexOf(b.type) || a.release_date.localeCompare(b.release_date),
        );
      expect([country, data.release_date]).toEqual([country, first.release_date.slice(0, 10)]);
      const given = dates
        .map(({ certification }: Json) => certification)
        .filter((text: string) => text !== '');
      if (new Set(given).size <= 1)
        expect([country, data.certification]).toEqual([country, given[0] ?? null]);
      else expect(given).toContain(data.certification);
    }
  });
});
