import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putAbsence, putMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { answeredParts, mirroredMovie } from '#tests/support/mirrored-movie-factory.ts';
import { until } from '#tests/support/until.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';

let api: TestApi;
const details = {
  adult: false,
  backdrop_path: null,
  belongs_to_collection: null,
  genres: [{ id: 18, name: 'Drama' }],
  homepage: '',
  id: 550,
  imdb_id: 'tt0137523',
  original_language: 'fr',
  original_title: 'Le Titre',
  overview: 'In English.',
  poster_path: '/en.jpg',
  runtime: 100,
  tagline: 'Well.',
  title: 'The Title',
  video: false,
};
const video = (code: string, key: string) => ({
  iso_639_1: code,
  iso_3166_1: 'XX',
  name: key,
  key,
  site: 'YouTube',
  size: 1080,
  type: 'Trailer',
});
const poster = (code: string | null) => ({ iso_639_1: code, file_path: `/${code}.jpg` });
const parts = {
  credits: { cast: [{ id: 1, name: 'Ann', cast_id: 3 }], crew: [] },
  videos: { results: [video('en', 'e'), video('de', 'd')] },
  images: { backdrops: [], logos: [], posters: [poster('en'), poster('de'), poster(null)] },
  translations: {
    translations: [
      {
        iso_639_1: 'de',
        iso_3166_1: 'DE',
        name: 'Deutsch',
        english_name: 'German',
        data: { title: 'Der Titel', overview: '', tagline: 'Gut.', homepage: '', runtime: 0 },
      },
    ],
  },
  alternative_titles: {
    titles: [
      { iso_3166_1: 'FR', title: 'Autre', type: '' },
      { iso_3166_1: 'US', title: 'Other', type: '' },
    ],
  },
  release_dates: {
    results: [
      {
        iso_3166_1: 'US',
        release_dates: [
          { certification: 'R', descriptors: [], release_date: '1999-10-15T00:00:00.000Z', type: 3 },
        ],
      },
    ],
  },
  similar: {
    page: 1,
    results: [{ id: 551, title: 'Other', overview: 'English.' }],
    total_pages: 300,
    total_results: 6000,
  },
};

const save = (id: number, title = details.title, otherParts: object = {}) =>
  saveMovies(
    api.database.orm.em.fork(),
    [
      mirroredMovie(id, {
        imdb_id: `tt0${id}523`,
        translations: [
          {
            language: 'de-DE',
            title: 'Der Titel',
            overview: null,
            tagline: 'Gut.',
            homepage: null,
            runtime: null,
          },
        ],
        parts: answeredParts({
          details: JSON.stringify({ ...details, id, title }),
          ...Object.fromEntries(
            Object.entries({ ...parts, ...otherParts }).map(([name, part]) => [name, JSON.stringify(part)]),
          ),
        }),
      }),
    ],
    { now: new Date() },
  );

beforeAll(async () => {
  api = await openTestApi();
  await save(550);
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = async (path: string) => {
  const answer = await api.get(`/3/${path}`);
  return { status: answer.status, body: await answer.json() };
};
const body = async (path: string) => (await ask(path)).body;
const notFound = {
  status: 404,
  body: { success: false, status_code: 34, status_message: 'The resource you requested could not be found.' },
};

test('a movie is answered as TMDb sent it, by its id in every form', async () => {
  for (const id of ['550', '550-fight-club', 'tt0550523', '550/', '550?api_key=abc&unheard_of=1'])
    expect(await ask(`movie/${id}`)).toEqual({ status: 200, body: details });
});

test('parts are appended under their names, unknown ones left out', async () => {
  const { credits, ...rest } = await body('movie/550?append_to_response=credits,watch/providers,nonsense');
  expect(rest).toEqual({ ...details, 'watch/providers': { results: {} } });
  expect(credits).toEqual(parts.credits);
  expect(await body('movie/550?append_to_response=credits%2Ckeywords')).toEqual({
    ...details,
    credits: parts.credits,
    keywords: { keywords: [] },
  });
});

test('more than twenty parts are refused', async () => {
  const names = Array.from({ length: 21 }, (_, n) => `p${n}`).join(',');
  const answer = await ask(`movie/550?append_to_response=${names}`);
  expect([answer.status, answer.body.status_code]).toEqual([400, 27]);
  expect((await ask(`movie/550?append_to_response=${names.slice(0, names.lastIndexOf(','))}`)).status).toBe(
    200,
  );
});

test('a language gives what there is in it, the original title, and nothing else', async () => {
  const german = { ...details, title: 'Der Titel', overview: '', tagline: 'Gut.', poster_path: '/de.jpg' };
  expect(await body('movie/550?language=de')).toEqual(german);
  expect(await body('movie/550?language=de-DE')).toEqual(german);
  expect(await body('movie/550?language=sv-SE')).toMatchObject({ title: 'Le Titre', overview: '' });
  expect(await body('movie/550?language=nonsense')).toEqual(details);
  expect(await body('movie/550?fallback=de-DE')).toMatchObject({
    title: 'Der Titel',
    overview: 'In English.',
  });
});

test('images and videos are those of the languages asked for', async () => {
  const posters = async (query: string) =>
    (await body(`movie/550/images${query}`)).posters.map(({ file_path }: { file_path: string }) => file_path);
  expect(await posters('')).toEqual(['/en.jpg', '/de.jpg', '/null.jpg']);
  expect(await posters('?language=de')).toEqual(['/de.jpg']);
  expect(await posters('?language=de&include_image_language=en,null')).toEqual(['/en.jpg', '/null.jpg']);
  const videos = async (query: string) =>
    (await body(`movie/550/videos${query}`)).results.map(({ key }: { key: string }) => key);
  expect(await videos('')).toEqual(['e']);
  expect(await videos('?language=de-DE')).toEqual(['d']);
  expect(await videos('?include_video_language=de,en')).toEqual(['e', 'd']);
});

test('parts are routes of their own, with the id', async () => {
  expect(await body('movie/550/credits')).toEqual({ id: 550, ...parts.credits });
  expect(await body('movie/550/watch/providers')).toEqual({ id: 550, results: {} });
  expect(await body('movie/550/alternative_titles?country=us')).toEqual({
    id: 550,
    titles: [parts.alternative_titles.titles[1]],
  });
  expect(await body('movie/550/releases')).toEqual({
    id: 550,
    countries: [
      { certification: 'R', descriptors: [], iso_3166_1: 'US', primary: false, release_date: '1999-10-15' },
    ],
  });
  expect(await body('movie/550/trailers')).toEqual({
    id: 550,
    quicktime: [],
    youtube: [{ name: 'e', size: 'HD', source: 'e', type: 'Trailer' }],
  });
  expect(await body('movie/550/casts')).toEqual({ id: 550, ...parts.credits });
});

test('trailers are all videos of YouTube, with TMDb’s words for their heights', async () => {
  const heights = [360, 480, 720, 1080, 2160];
  const clips = heights.map((size) => ({ ...video('en', `${size}`), type: 'Clip', size }));
  const videos = { results: [...clips, { ...video('en', 'v'), site: 'Vimeo' }] };
  await save(561, 'Clips', { videos });
  const { youtube } = await body('movie/561/trailers');
  expect(youtube.map(({ source, size, type }: Record<string, unknown>) => [source, size, type])).toEqual([
    ['360', 'Standard', 'Clip'],
    ['480', 'HQ', 'Clip'],
    ['720', 'HD', 'Clip'],
    ['1080', 'HD', 'Clip'],
    ['2160', null, 'Clip'],
  ]);
});

test('pages say how far they go, and the parameters hold for appended parts', async () => {
  const one = { page: 1, results: parts.similar.results, total_pages: 1, total_results: 1 };
  expect(await body('movie/550/similar')).toEqual(one);
  expect((await body('movie/550?append_to_response=similar&page=2')).similar).toEqual({
    ...one,
    page: 2,
    results: [],
  });
  for (const page of ['0', '501', 'x', '-1', '1.5']) {
    const refused = await ask(`movie/550/similar?page=${page}`);
    expect([refused.status, refused.body.status_code]).toEqual([400, 22]);
  }
});

test('related movies are given in the language, as far as they are known in it', async () => {
  await save(551);
  const german = await body('movie/550/similar?language=de');
  expect(german.results).toEqual([{ id: 551, title: 'Der Titel', overview: '' }]);
});

test('what TMDb does not have is not found, whatever we know of it', async () => {
  await putMovie(api.pool, { tmdbId: 601, state: 'gone' });
  await putAbsence(api.pool, 602);
  for (const id of ['601', '602', '0', 'abc', '2147483648', 'tt9999999', '%00', '1e3', '550%2Fcredits'])
    expect({ id, ...(await ask(`movie/${id}`)) }).toEqual({ id, ...notFound });
});

test('a changed movie is answered anew', async () => {
  await save(560);
  expect((await body('movie/560')).title).toBe('The Title');
  await save(560, 'Another');
  await tell(api.pool, { kind: 'movies', ids: [560] });
  await until(async () => (await body('movie/560')).title === 'Another');
});
