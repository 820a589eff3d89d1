import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { genres } from '#sandbox/genres.ts';
import { allParts } from '#sandbox/wire.ts';
import type { KeptLanguages } from '#shared/languages/kept-languages.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { saveUnlistedGenres } from '#worker/genres/save-genres.ts';
import { mapPartsAgain } from '#worker/movies/map-parts-again.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import type { AnsweredMovie } from '#worker/tmdb/wire/mirrored-movie.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { mirrorMeta } from '../http/answers/mirror-meta.ts';
import { readyBody } from '../http/answers/ready-body.ts';
import { createLocalization } from '../localization/localize-items.ts';
import { selectAnswer } from './answer-statement.ts';
import { type AskedDetail, createReadDetail } from './read-detail.ts';
import { isStoredFor, presentAnswer } from './select-movie.ts';

const folder = join(process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data'), 'recorded');
const present = existsSync(folder);
if (!present) process.stdout.write(`no recorded exchanges at ${folder}: their tests are left out\n`);

type Json = Record<string, unknown>;
const now = new Date();

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.[Symbol.asyncDispose]());

const save = (movies: readonly AnsweredMovie[], languages: KeptLanguages = 'all') =>
  saveMovies(database.orm.em.fork(), movies, { now, languages });
const parsed = (answer: Json, id: number) => parseDetails(JSON.parse(JSON.stringify(answer)), id);
const column = async <Value>(text: string): Promise<Value[]> =>
  (await database.pool.query<{ value: Value }>(text)).rows.map(({ value }) => value);

/** Everything that may be asked of these movies: a few languages and countries of each, and some that it has not. */
async function everyAsked(): Promise<AskedDetail[]> {
  const ids = await column<number>("select tmdb_id as value from movies where state = 'detailed' order by 1");
  const languages = await column<string>(
    'select distinct language as value from movie_translations order by 1',
  );
  const countries = await column<string>('select distinct country as value from movie_releases order by 1');
  const asked = ['en-US', 'en-GB', 'de-DE', 'de-AT', 'fr-FR', 'ja-JP', ...languages.slice(0, 40)];
  const regions = [undefined, 'US', 'DE', 'AQ', ...countries.slice(0, 12)];
  return ids.flatMap((tmdbId) =>
    [...new Set(asked)].flatMap((language, at) =>
      // Each language with some of the countries, and each country with some of the languages.
      [...new Set(regions)]
        .filter((_, index) => language === 'en-US' || (index + at) % 9 === 0)
        .flatMap((datesOf) => [
          { tmdbId, locale: { language, region: datesOf ?? 'US', datesOf, pictures: placeOf(language) } },
          {
            tmdbId,
            locale: { language, region: datesOf ?? 'GB', datesOf: undefined, pictures: placeOf('') },
          },
        ]),
    ),
  );
}

const placeOf = (key: string) => ({
  url: key.startsWith('en') ? 'https://image.tmdb.org/t/p' : `https://images.example/${key || 'é"$1'}`,
  key,
  isOdd: false,
});

/** What is read now, and which pictures that names. */
async function readAll(asked: readonly AskedDetail[]) {
  const deaf = { connected: false, subscribe: () => {} };
  const { genreNames } = createLocalization({ pool: database.pool, hub: deaf });
  const read = createReadDetail(genreNames)(database.pool);
  const readOne = async ({ tmdbId, locale }: AskedDetail) => {
    const noted = new Set<string>();
    const pictures = { ...locale.pictures, note: (path: string) => void noted.add(path) };
    const [reading, { data }] = await Promise.all([
      read({ tmdbId, locale }),
      read({ tmdbId, locale: { ...locale, pictures } }),
    ]);
    const text = reading.data?.toString() ?? '';
    expect(text).toBe(data?.toString() ?? '');
    // How its bytes came says nothing of it.
    const { room: _, ...shown } = reading;
    return { tmdbId, ...shown, data: text, noted: [...noted].sort() };
  };
  const all = [];
  for (let start = 0; start < asked.length; start += 100)
    all.push(...(await Promise.all(asked.slice(start, start + 100).map(readOne))));
  return all;
}

const countAnswers = () =>
  column('select count(*)::int as value from movies where answer is not null and answer_made_of is not null');

/** What is stored, and then the same without it. */
async function mustBeTheSame(): Promise<void> {
  expect(await countAnswers()).toEqual(await column('select count(*)::int as value from movie_documents'));
  const asked = await everyAsked();
  expect(asked.length).toBeGreaterThan(0);
  const stored = await readAll(asked);
  await database.pool.query('update movies set answer = null, answer_made_of = null');
  const computed = await readAll(asked);
  for (const [at, one] of stored.entries()) {
    expect(one).toEqual(computed[at] as typeof one);
    expect(JSON.parse(one.data)).toMatchObject({ tmdb_id: one.tmdbId });
  }
}

const mapAgain = (languages: KeptLanguages) =>
  mapPartsAgain(jobContext(database, { mirror: { ...jobContext(database).mirror, languages } }));

describe('the stored answer is what the rows and parts say, for every language and country', () => {
  beforeAll(async () => {
    await saveUnlistedGenres(database.orm.em.getKysely(), genres);
    await database.pool.query(
      `insert into genre_translations (genre_id, language, name, fetched_at)
       select id, 'de', 'Gattung ' || name, now() from genres`,
    );
  });
  beforeEach(() => emptyTables(database.pool, 'movies', 'people', 'keywords', 'collections'));

  const catalogue = createGeneratedCatalogue({ seed: 1, movies: 12 });
  const invented = Array.from({ length: 12 }, (_, at) => catalogue.idAt(at)).map((id) =>
    parsed(catalogue.details(id, allParts) as unknown as Json, id),
  );

  test('of invented movies', async () => {
    await save(invented);
    await mustBeTheSame();
    await mapAgain(['de', 'fr']);
    await mapAgain('all');
    for (const language of ['de-DE', 'en-GB'])
      await database.pool.query(
        `insert into collection_names (collection_id, language, name, name_key, words)
         select id, $1::text, $1::text || name, '', '' from collections where id in (select collection_id from movies)`,
        [language],
      );
    await mapAgain('all');
    await mustBeTheSame();
  });

  test('of a lone movie, sent in the memory that it came in', async () => {
    await save(invented);
    const asked = (await everyAsked()).find(({ locale }) => isStoredFor(locale)) as AskedDetail;
    const row = await selectAnswer(database.pool, asked.tmdbId);
    const [stored = ''] = row.answer?.toString().split('\n') ?? [];
    const { data, room, language, fetched_at_ms: fetchedAtMs } = presentAnswer(row, asked.locale);
    const facts = { fetchedAtMs: fetchedAtMs ?? 0, stale: true, refresh: 'queued' } as const;
    const meta = { ...mirrorMeta(facts, Date.now() + 86_400_000), language };
    const body = readyBody(data as NonNullable<typeof data>, 5, meta, 'en-US', room);
    expect(body.bytes.buffer).toBe(row.answer?.buffer as ArrayBuffer);
    const text = Buffer.from(body.bytes).toString();
    expect(text).toBe(`{"status":"success","data":${stored},"meta":${JSON.stringify(meta)}}`);
  });

  test('where few languages are kept, and where it was made again without a call', async () => {
    await save(invented, ['fr', 'de-DE']);
    await mustBeTheSame();
    await mapAgain('all');
    await mustBeTheSame();
    await mapAgain(['de']);
    await mustBeTheSame();
  });

  test('of movies without texts, parts, pictures or an English title', async () => {
    const wire = (id: number, patch: Json) => parsed({ ...bare, id, ...patch }, id);
    const bare = { title: 'Чайка', original_title: 'Чайка', original_language: 'ru', overview: '' };
    const row = (iso_639_1: string, iso_3166_1: string, data: Json) => ({ iso_639_1, iso_3166_1, data });
    await save([
      wire(1, {}),
      wire(2, { overview: 'x', poster_path: '/p.jpg' }),
      wire(3, {
        translations: {
          translations: [
            row('en', 'GB', { title: 'The Seagull', overview: 'British', runtime: 7 }),
            row('ru', 'RU', {
              overview: 'По-русски "https://image.tmdb.org/t/p/w342/ \n"',
              tagline: '\u2028',
              homepage: 'https://ru.example',
            }),
            row('de', 'DE', { title: 'Die Möwe 🐦' }),
          ],
        },
        images: {
          posters: [
            { file_path: '/en.jpg', iso_639_1: 'en' },
            { file_path: '/de.jpg', iso_639_1: 'de' },
          ],
          backdrops: [],
          logos: [],
        },
      }),
      wire(4, { title: 'Line\nbreak', overview: '$& $1 \\n ,"cast": "providers":null' }),
    ]);
    await mustBeTheSame();
  });

  test('but a movie whose texts look like the place of our pictures has none', async () => {
    await save([
      parsed(
        {
          id: 5,
          title: 'https://image.tmdb.org/t/p/w342/x.jpg',
          original_title: 'x',
          original_language: 'en',
        },
        5,
      ),
    ]);
    expect(await countAnswers()).toEqual([0]);
  });

  test.skipIf(!present)('of movies that TMDb was asked about', async () => {
    await save(recordedMovies());
    await mustBeTheSame();
  });
});

describe('an outdated answer is not shown', () => {
  beforeEach(() => emptyTables(database.pool, 'movies', 'people', 'keywords', 'collections'));
  const locale = { language: 'en-US', region: 'US', datesOf: undefined, pictures: placeOf('') };
  const wire = (id: number, patch: Json) =>
    parsed({ id, title: 'First', original_title: 'First', original_language: 'en', ...patch }, id);
  const shown = async () => JSON.parse((await readAll([{ tmdbId: 1, locale }]))[0]?.data ?? 'null');
  const videos = (key: string) => ({ results: [{ site: 'YouTube', key, name: key, type: 'Trailer' }] });
  const name7 = async (name: string) => {
    await database.pool.query("insert into collections (id, name) values (7, 'Own') on conflict do nothing");
    await database.pool.query("select put_collection_name(7, 'en-US', $1)", [name]);
  };

  test('when its movie, its parts or the kept languages change', async () => {
    await save([wire(1, { videos: videos('one') })]);
    expect(await shown()).toMatchObject({ title: 'First', videos: [{ key: 'one' }] });
    await save([wire(1, { title: 'Second', videos: videos('one') })]);
    expect((await shown()).title).toBe('Second');
    await save([wire(1, { title: 'Second', videos: videos('two') })]);
    expect((await shown()).videos).toMatchObject([{ key: 'two' }]);
    await save([wire(1, { title: 'Second', videos: { results: 'nonsense' } })]);
    expect((await shown()).videos).toMatchObject([{ key: 'two' }]);
    await save([wire(1, { title: 'Third', videos: { results: 'nonsense' } })]);
    expect(await shown()).toMatchObject({ title: 'Third', videos: [{ key: 'two' }] });
  });

  test('when a worker of another version wrote the rows it is made of, and not the answer', async () => {
    await save([wire(1, { videos: videos('one') })]);
    await database.pool.query("update movies set answer = ''");
    for (const column of ["content_hash = 'x'", 'parts_hash = 1', 'parts_version = 1', 'parts_hash = null']) {
      await database.pool.query(`update movies set ${column}`);
      expect((await shown()).title).toBe('First');
    }
  });

  test('when its collection gets another name, loses it, or had one before', async () => {
    const inCollection = wire(1, { belongs_to_collection: { id: 7, name: 'Own' } });
    const name = (language: string, text: string) =>
      database.pool.query('select put_collection_name(7, $1, $2)', [language, text]);
    const shownName = async () => (await shown()).collection.name;
    await save([inCollection]);
    expect(await shownName()).toBe('Own');
    for (const [language, text] of [
      ['en-GB', 'British'],
      ['en-US', 'American'],
      ['en-US', 'Another'],
    ] as const) {
      await name(language, text);
      expect(await shownName()).toBe(text);
      await save([inCollection]);
      expect([await shownName(), ...(await countAnswers())]).toEqual([text, 1]);
    }
    await mapAgain('all');
    expect([await shownName(), ...(await countAnswers())]).toEqual(['Another', 1]);
    // Others fall back to what the movie itself says, as before.
    const german = { ...locale, language: 'de-DE' };
    const read = async () => JSON.parse((await readAll([{ tmdbId: 1, locale: german }]))[0]?.data ?? 'null');
    expect((await read()).collection.name).toBe('Own');
    await database.pool.query("delete from collection_names where collection_id = 7 and language = 'en-US'");
    expect(await shownName()).toBe('British');
  });

  test('when its collection gets another name while it is written', async () => {
    await name7('First');
    const writer = await database.pool.connect();
    try {
      await writer.query('begin');
      await writer.query('select 1 from collections where id = 7 for key share');
      const renaming = name7('Second');
      await Bun.sleep(100);
      // As `saveMovies` does, which has read the first name by now.
      await writer.query(
        `insert into movies (tmdb_id, state, title, collection_id, parts_version) values (1, 'detailed', 'x', 7, 5)`,
      );
      await writer.query('commit');
      await renaming;
      expect(await column('select parts_version as value from movies')).toEqual([1]);
    } finally {
      writer.release();
    }
  });

  test('when it is of another version', async () => {
    await save([wire(1, {})]);
    await database.pool.query("update movies set answer = '', answer_made_of = answer_made_of + 1");
    expect((await shown()).title).toBe('First');
  });
});

/** Every movie in the recorded exchanges, and one with all parts of its that were recorded by themselves. */
function recordedMovies(): AnsweredMovie[] {
  const answers = readdirSync(folder)
    .filter((name) => name.includes('_get_200_3_movie_'))
    .map((name) => ({
      name,
      json: JSON.parse(readFileSync(join(folder, name), 'utf8')).response.json as Json,
    }));
  const part = (name: string) => answers.find((answer) => answer.name.includes(`movie_47964_${name}`))?.json;
  const names = ['credits', 'keywords', 'release_dates', 'videos', 'translations', 'images_49a977'] as const;
  const parts = Object.fromEntries(names.map((name) => [name.replace(/_49.*/, ''), part(name)]));
  const whole = answers.filter(({ json }) => 'original_title' in json && typeof json.id === 'number');
  const movies = whole.map(({ json }) =>
    parsed(json.id === 47_964 ? { ...json, ...parts } : json, json.id as number),
  );
  expect(new Set(movies.map(({ tmdb_id }) => tmdb_id)).size).toBeGreaterThan(8);
  return movies;
}
