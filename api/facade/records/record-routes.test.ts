import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { RecordKind } from '#shared/records/record.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { until } from '#tests/support/until.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import { parseRecord } from '#worker/tmdb/wire/parse-record.ts';

let api: TestApi;

const film = {
  adult: false,
  backdrop_path: null,
  genre_ids: [18],
  id: 550,
  original_language: 'en',
  original_title: 'The Harbor',
  overview: 'What happens.',
  popularity: 2.5,
  poster_path: '/harbor.jpg',
  release_date: '2001-02-03',
  title: 'The Harbor',
  video: false,
  vote_average: 7.1,
  vote_count: 20,
};
const played = { ...film, character: 'Herself', credit_id: 'c1', order: 0 };
const unknownFilm = {
  ...film,
  id: 551,
  title: 'Another',
  credit_id: 'c2',
  department: 'Writing',
  job: 'Writer',
};
const series = { id: 1399, name: 'A Series', media_type: 'tv', credit_id: 'c3', character: 'Guest' };
const person = {
  adult: false,
  also_known_as: ['Ann A.'],
  biography: 'Ann is known for films.',
  birthday: '1970-01-02',
  deathday: null,
  gender: 1,
  homepage: null,
  id: 31,
  imdb_id: 'nm0000031',
  known_for_department: 'Acting',
  name: 'Ann Actor',
  place_of_birth: null,
  popularity: 5.5,
  profile_path: '/ann.jpg',
};
const biographyIn = (language: string, country: string, data: object) => ({
  iso_639_1: language,
  iso_3166_1: country,
  name: language,
  english_name: language,
  data,
});
const personParts = {
  movie_credits: { cast: [played], crew: [unknownFilm] },
  combined_credits: {
    cast: [{ ...played, media_type: 'movie' }, series],
    crew: [{ ...unknownFilm, media_type: 'movie' }],
  },
  images: { profiles: [{ file_path: '/ann.jpg', iso_639_1: null, width: 10, height: 15 }] },
  external_ids: { imdb_id: 'nm0000031', wikidata_id: 'Q31' },
  translations: {
    translations: [
      biographyIn('de', 'DE', { biography: 'Ann ist aus Filmen bekannt.', name: '' }),
      biographyIn('ja', 'JP', { biography: '', name: 'アン' }),
    ],
  },
};
const collection = {
  id: 10,
  name: 'Harbor Collection',
  original_language: 'fr',
  original_name: 'Le Port - Saga',
  overview: 'All harbors.',
  poster_path: '/all.jpg',
  backdrop_path: null,
  parts: [{ ...film, media_type: 'movie' }],
};
const collectionParts = {
  images: {
    backdrops: [],
    posters: [
      { file_path: '/all.jpg', iso_639_1: 'en' },
      { file_path: '/fr.jpg', iso_639_1: 'fr' },
      { file_path: '/de.jpg', iso_639_1: 'de' },
    ],
  },
  translations: {
    translations: [biographyIn('de', 'DE', { title: 'Hafen Filmreihe', overview: '', homepage: '' })],
  },
};
const company = {
  description: '',
  headquarters: 'Lisbon',
  homepage: '',
  id: 7,
  logo_path: null,
  name: 'Harbor Films',
  origin_country: 'PT',
  parent_company: null,
};
const companyParts = {
  images: { logos: [{ file_path: '/l.png' }] },
  alternative_names: { results: [{ name: 'HF', type: '' }] },
};

const put = (kind: RecordKind, answer: { id: number }, fetchedAt = new Date()) =>
  saveRecord(api.database.orm.em.fork(), parseRecord(kind, answer, answer.id), fetchedAt);

beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false } });
  await api.pool.query("insert into genres (id, name) values (18, 'Drama')");
  await put('person', { ...person, ...personParts }, new Date(Date.now() - 3_600_000));
  await put('collection', { ...collection, ...collectionParts });
  await put('company', { ...company, ...companyParts });
  await putMovie(api.pool, { tmdbId: 550, title: 'The Harbor', posterPath: '/harbor.jpg' });
  await api.pool.query(`
    update movies set parts_version = 1, original_title = 'The Harbor', original_language = 'en' where tmdb_id = 550;
    insert into movie_translations (movie_id, language, title, overview)
      select id, 'de-DE', 'Der Hafen', 'Was geschieht.' from movies where tmdb_id = 550;
    insert into movie_posters (movie_id, posters) select id, '{"de":"/hafen.jpg"}' from movies where tmdb_id = 550`);
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = async (path: string) => {
  const answer = await api.get(`/3/${path}`);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};
const body = async (path: string) => {
  const answer = await ask(path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer.body;
};

describe('a person', () => {
  test('is what TMDb sent, with every key', async () => {
    expect(await body('person/31')).toEqual(person);
    expect(await body('person/31-ann-actor?language=en-US&page=0')).toEqual(person);
    expect((await ask('person/31')).headers.get('x-nexus-age')).toMatch(/^36\d\d$/);
  });

  test('has its parts below it, and appended', async () => {
    const movies = {
      cast: [{ ...played, media_type: 'movie' }],
      crew: [{ ...unknownFilm, media_type: 'movie' }],
    };
    expect(await body('person/31/movie_credits')).toEqual({ id: 31, ...personParts.movie_credits });
    expect(await body('person/31/combined_credits')).toEqual({ id: 31, ...movies });
    expect(await body('person/31/images')).toEqual({ id: 31, ...personParts.images });
    expect(await body('person/31/external_ids')).toEqual({ id: 31, ...personParts.external_ids });
    expect(await body('person/31/translations')).toEqual({ id: 31, ...personParts.translations });
    const names = 'movie_credits,combined_credits,tv_credits,images,external_ids,translations,unknown';
    expect(await body(`person/31?append_to_response=${names}`)).toEqual({
      ...person,
      ...personParts,
      combined_credits: movies,
      tv_credits: { cast: [], crew: [] },
    });
    expect((await ask('person/31/tv_credits')).body.status_code).toBe(34);
    const many = Array.from({ length: 21 }, (_, n) => `part${n}`).join(',');
    expect((await ask(`person/31?append_to_response=${many}`)).body.status_code).toBe(27);
  });

  test('is in the language that is asked for, or has no biography', async () => {
    const { biography, movie_credits } = await body('person/31?language=de&append_to_response=movie_credits');
    expect(biography).toBe('Ann ist aus Filmen bekannt.');
    expect(movie_credits.cast).toEqual([
      { ...played, title: 'Der Hafen', overview: 'Was geschieht.', poster_path: '/hafen.jpg' },
    ]);
    expect(movie_credits.crew).toEqual([unknownFilm]);
    expect(await body('person/31?language=fr-FR')).toEqual({ ...person, biography: '' });
    expect(await body('person/31?language=ja')).toEqual({ ...person, name: 'アン', biography: '' });
    expect((await body('person/31?fallback=fr-FR')).biography).toBe(person.biography);
  });
});

test('a collection is in the language that is asked for, as TMDb gives it', async () => {
  expect(await body('collection/10')).toEqual(collection);
  expect(await body('collection/10/images?include_image_language=fr,null')).toEqual({
    id: 10,
    backdrops: [],
    posters: [{ file_path: '/fr.jpg', iso_639_1: 'fr' }],
  });
  expect(await body('collection/10/translations')).toEqual({ id: 10, ...collectionParts.translations });
  expect(await body('collection/10?language=de')).toEqual({
    ...collection,
    name: 'Hafen Filmreihe',
    overview: '',
    poster_path: '/de.jpg',
    parts: [
      {
        ...film,
        media_type: 'movie',
        title: 'Der Hafen',
        overview: 'Was geschieht.',
        poster_path: '/hafen.jpg',
      },
    ],
  });
  const { name, poster_path } = await body('collection/10?language=it');
  expect([name, poster_path]).toEqual(['Le Port - Saga', '/fr.jpg']);
  expect((await body('collection/10?fallback=it')).name).toBe('Harbor Collection');
});

test('a company has its names and logos', async () => {
  expect(await body('company/7?language=de')).toEqual(company);
  expect(await body('company/7/alternative_names')).toEqual({ id: 7, ...companyParts.alternative_names });
  expect(await body('company/7/images')).toEqual({ id: 7, ...companyParts.images });
});

describe('what the mirror lacks', () => {
  test('is fetched, and waited for', async () => {
    const answer = ask('person/77');
    await until(
      async () => (await api.queues.queue('on-demand').getJobCountByTypes('waiting', 'prioritized')) > 0,
    );
    await put('person', { ...person, ...personParts, id: 77 });
    expect((await answer).body).toEqual({ ...person, id: 77 });
  });

  test('is to be asked for again when it takes too long', async () => {
    const began = performance.now();
    const { status, body, headers } = await ask('collection/78');
    expect([status, body.status_code, headers.get('retry-after')]).toEqual([503, 9, '2']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(performance.now() - began).toBeWithin(4500, 40_000);
  });

  test('is not found where TMDb has none, and asked for nowhere while TMDb is away', async () => {
    await api.pool.query(
      "insert into records (kind, id, first_absent_at, last_absent_at) values ('company', 79, now(), now())",
    );
    await api.pool.query("insert into records (kind, id, state) values ('company', 80, 'gone')");
    for (const id of ['79', '80', '0', 'abc', '99999999999'])
      expect((await ask(`company/${id}`)).body.status_code).toBe(34);
    await api.pool.query("update upstream set circuit = 'open', retry_at = now() + interval '30 seconds'");
    await tell(api.pool, { kind: 'upstream' } as never);
    const away = api.another({ config: { rateLimit: false } });
    const answer = await away('/3/company/81');
    expect([answer.status, (await answer.json()).status_code]).toEqual([503, 9]);
    expect((await away('/3/company/7')).status).toBe(200);
    await api.pool.query("update upstream set circuit = 'closed', retry_at = null");
  });
});

test('a change drops what was kept', async () => {
  expect((await body('company/7')).name).toBe('Harbor Films');
  await put('company', { ...company, ...companyParts, name: 'Harbour Films' } as never);
  await until(async () => (await body('company/7')).name === 'Harbour Films');
});

test('rows of people have the gender of those who are mirrored whole', async () => {
  const { results } = await body('search/person?query=ann+actor');
  expect(results.find(({ id }: { id: number }) => id === 31)?.gender).toBe(1);
});
