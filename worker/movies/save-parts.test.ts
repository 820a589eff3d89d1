import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { MoviePartName } from '#shared/movies/movie-parts.ts';
import { partsVersionOf } from '#shared/movies/parts-version.ts';
import { readMovieParts } from '#shared/movies/stored-parts.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { wireCast, wireMovie } from '#tests/support/tmdb/movie-fixture.ts';
import { purge } from '#worker/maintenance/purge.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { mapPartsAgain } from './map-parts-again.ts';
import { saveMovies } from './save-movies.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'people'));

const day = 86_400_000;
const first = new Date(Date.now() - 10 * day);
const later = new Date(first.getTime() + day);
const id = 7001;

const translation = (language: string, title: string) => ({
  iso_639_1: language.slice(0, 2),
  iso_3166_1: language.slice(3),
  data: { title },
});
const german = { translations: [translation('de-DE', 'Titel'), translation('fr-FR', 'Titre')] };
const cast = { cast: [wireCast(5)], crew: [] };
const full = {
  credits: cast,
  translations: german,
  reviews: { results: [{ id: 'r', content: 'x'.repeat(500) }] },
};

const save = (patch: Record<string, unknown>, options: Partial<Parameters<typeof saveMovies>[2]> = {}) =>
  saveMovies(database.orm.em.fork(), [parseDetails(wireMovie(patch), id)], { now: first, ...options });
const rows = async (query: string) => (await database.pool.query(query)).rows;
const column = async (query: string) => (await rows(query)).map((row) => Object.values(row)[0]);
const versions = async () =>
  Object.fromEntries(
    (await rows('select part, xmin::text as x from movie_parts')).map(({ part, x }) => [part, x]),
  );
const titles = () => column('select language || title from movie_translations order by 1');

describe('the parts of an answer', () => {
  test('are stored with the movie, empty ones without a row, and read as TMDb sent them', async () => {
    expect(await save(full)).toMatchObject({ created: 1 });
    expect(await column('select part from movie_parts order by 1')).toEqual([
      'credits',
      'details',
      'reviews',
      'translations',
    ]);
    const read = await readMovieParts(database.pool, id, ['credits', 'reviews', 'videos']);
    expect(JSON.parse(read?.credits.text ?? '')).toEqual(cast);
    expect(JSON.parse(read?.reviews.text ?? '')).toEqual(full.reviews);
    expect(read?.videos).toEqual({ text: '{"results":[]}', fetchedAtMs: first.getTime() });
    expect(await titles()).toEqual(['de-DETitel', 'fr-FRTitre']);
  });

  test('are written again only where they say something else; the others only become younger', async () => {
    await save(full);
    const before = await versions();
    expect(await save(full, { now: later })).toMatchObject({ unchanged: 1 });
    expect(await versions()).toEqual(before);
    const read = await readMovieParts(database.pool, id, ['reviews']);
    expect(read?.reviews.fetchedAtMs).toBe(later.getTime());
    await save({ ...full, popularity: 99 }, { now: later });
    const after = await versions();
    expect(Object.keys(after).filter((part) => after[part] !== before[part])).toEqual(['details']);
  });

  test('count even where the movie itself is unchanged', async () => {
    await save(full);
    const reviews = { results: [{ id: 'r', content: 'another' }] };
    expect(await save({ ...full, reviews })).toMatchObject({ unchanged: 1 });
    const read = await readMovieParts(database.pool, id, ['reviews']);
    expect(JSON.parse(read?.reviews.text ?? '')).toEqual(reviews);
  });

  test('go when TMDb empties them', async () => {
    await save(full);
    await save({ ...full, reviews: { results: [] }, translations: undefined });
    expect(await column('select part from movie_parts order by 1')).toEqual([
      'credits',
      'details',
      'reviews',
    ]);
    expect(await readMovieParts(database.pool, id, ['reviews'])).toMatchObject({
      reviews: { text: '{"results":[]}' },
    });
    expect(await titles()).toEqual([]);
  });
});

describe('a part that cannot be read', () => {
  const broken = { ...full, credits: 'x', translations: { translations: 5 }, tagline: 'Another' };

  test('leaves what was stored and mapped of it, which says how old it is', async () => {
    await save(full);
    expect(await save(broken, { now: later })).toMatchObject({ updated: 1 });
    expect(await titles()).toEqual(['de-DETitel', 'fr-FRTitre']);
    expect(await column('select person_id from credits')).toEqual([5]);
    expect(await column('select tagline from movies')).toEqual(['Another']);
    const parts = ['details', 'credits', 'translations'] as const satisfies MoviePartName[];
    const read = await readMovieParts(database.pool, id, parts);
    expect(JSON.parse(read?.credits.text ?? '')).toEqual(cast);
    expect(parts.map((part) => read?.[part].fetchedAtMs)).toEqual([
      later.getTime(),
      first.getTime(),
      first.getTime(),
    ]);
  });

  test('changes nothing where TMDb says nothing else new, and keeps its first age', async () => {
    await save(full);
    const { tagline: _, ...same } = broken;
    for (const days of [1, 2])
      expect(await save(same, { now: new Date(first.getTime() + days * day) })).toMatchObject({
        unchanged: 1,
      });
    const read = await readMovieParts(database.pool, id, ['credits']);
    expect(read?.credits.fetchedAtMs).toBe(first.getTime());
  });

  test('is of the movie’s age again when it can be read', async () => {
    await save(full);
    await save(broken, { now: later });
    await save(full, { now: later });
    expect(await column('select part from movie_parts where fetched_at is not null')).toEqual([]);
  });

  test('is empty where nothing was known of it', async () => {
    await save(broken);
    expect(await column('select part from movie_parts order by 1')).toEqual(['details', 'reviews']);
    expect(await titles()).toEqual([]);
  });

  test('takes its movie along when it is too old to be kept', async () => {
    await save(full, { now: new Date(Date.now() - 181 * day) });
    await save(broken);
    await saveMovies(
      database.orm.em.fork(),
      [2, 3, 4, 5, 6].map((other) => mirroredMovie(other)),
      { now: first },
    );
    await purge({ trigger: 'schedule' }, jobContext(database));
    expect(await column(`select state from movies where tmdb_id = ${id}`)).toEqual(['purged']);
    expect(await column('select distinct part from movie_parts')).toEqual(['details']);
  });
});

describe('the kept languages', () => {
  const again = (languages: 'all' | string[], sliceSize?: number) =>
    mapPartsAgain(
      jobContext(database, {
        mirror: { scope: 'trending', popularPages: 5, spareCallsPerSecond: 0, languages, regions: ['US'] },
      }),
      sliceSize,
    );

  test('decide which translations are written; all stay in the part', async () => {
    await save(full, { languages: ['de'] });
    expect(await titles()).toEqual(['de-DETitel']);
    const read = await readMovieParts(database.pool, id, ['translations']);
    expect(JSON.parse(read?.translations.text ?? '')).toEqual(german);
  });

  test('may become more or fewer without a call', async () => {
    await save(full, { languages: ['de-DE'] });
    for (const other of [1, 2, 3])
      await saveMovies(database.orm.em.fork(), [mirroredMovie(other)], { now: first, languages: ['de-DE'] });
    await again('all', 2);
    expect(await titles()).toEqual(['de-DETitel', 'fr-FRTitre']);
    expect(await column('select distinct parts_version from movies')).toEqual([partsVersionOf('all')]);
    await again(['fr-FR']);
    expect(await titles()).toEqual(['fr-FRTitre']);
    const before = await rows('select xmin::text from movies order by id');
    await again(['fr-FR']);
    expect(await rows('select xmin::text from movies order by id')).toEqual(before);
  });

  test('what people are is taken from the stored credits where it was not kept, and nothing else of them', async () => {
    const [own, other] = [
      wireCast(5, { gender: 1, original_name: 'Ева', adult: false }),
      wireCast(6, { gender: 2 }),
    ];
    await save({ ...full, credits: { cast: [own, other], crew: [] } });
    const people = () => rows('select id, name, gender, original_name, adult from people order by id');
    const written = await people();
    expect(written).toMatchObject([{ gender: 1, original_name: 'Ева', adult: false }, { gender: 2 }]);
    await database.pool.query(`update people set gender = null, original_name = null, adult = null where id = 5;
      update people set gender = 3, name = 'Known better' where id = 6; update movies set parts_version = 1`);
    await again('all');
    expect(await people()).toEqual([written[0], { ...written[1], name: 'Known better', gender: 3 }]);
  });

  test('releases and posters are taken from stored parts, too, and posters of kept languages alone', async () => {
    const dates = [{ type: 3, release_date: '2020-01-02T00:00:00.000Z', certification: '12' }];
    const release_dates = { results: [{ iso_3166_1: 'DE', release_dates: dates }] };
    const posters = ['fr', 'de'].map((iso_639_1) => ({ iso_639_1, file_path: `/${iso_639_1}.jpg` }));
    await save({ ...full, release_dates, images: { backdrops: [], logos: [], posters } });
    const known = () =>
      rows(`select (select json_agg(r) from (select country, release_date, certification, min_age
        from movie_releases) r) as releases, (select posters from movie_posters) as posters`);
    const written = await known();
    expect(written).toEqual([
      {
        releases: [{ country: 'DE', release_date: '2020-01-02', certification: '12', min_age: 12 }],
        posters: { fr: '/fr.jpg', de: '/de.jpg' },
      },
    ]);
    await database.pool.query(
      'delete from movie_releases; delete from movie_posters; update movies set parts_version = 1',
    );
    await again('all');
    expect(await known()).toEqual(written);
    await again(['de-AT']);
    expect(await column('select posters from movie_posters')).toEqual([{ de: '/de.jpg' }]);
  });
});
