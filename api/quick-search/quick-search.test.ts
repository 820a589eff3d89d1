import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RecordPartName } from '#shared/records/stored-records.ts';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovies } from '#tests/support/api/browse-fixture.ts';
import { until } from '#tests/support/until.ts';
import { saveRecord } from '#worker/records/save-record.ts';
import type { QuickSearch } from './model.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, [
    { tmdb_id: 11, title: 'Star Wars', popularity: 90, vote_count: 20000, cast: [2] },
    { tmdb_id: 1891, title: 'The Empire Strikes Back', popularity: 80, vote_count: 17000, cast: [2] },
    { tmdb_id: 201, title: 'Star Trek: Nemesis', popularity: 20, vote_count: 1500, cast: [3] },
    { tmdb_id: 301, title: 'Starry Secrets', popularity: 30, adult: true, cast: [4] },
    { tmdb_id: 302, title: 'Star Fright', popularity: 10, vote_count: 900, certification: 'R' },
    ...Array.from({ length: 9 }, (_, n) => ({ tmdb_id: 400 + n, title: `Star Number ${n}`, popularity: 1 })),
  ]);
  await api.pool.query(`
    insert into collections (id, name) values
      (10, 'Star Wars Collection'), (151, 'Star Trek: The Next Generation Collection'),
      (30, 'Starry Secrets Collection'), (40, 'Starless Collection');
    update movies set collection_id = 10 where tmdb_id in (11, 1891);
    update movies set collection_id = 151 where tmdb_id = 201;
    update movies set collection_id = 30 where tmdb_id = 301;
    update people set name = 'Mark Starling', popularity = 9, profile_path = '/m.jpg' where id = 2;
    update people set name = 'Patrick Stewart' where id = 3;
    select put_collection_name(10, 'de-DE', 'Krieg der Sterne Filmreihe');`);
});
afterAll(() => api[Symbol.asyncDispose]());

const ask = async (query: string, headers?: Record<string, string>) => {
  const answer = await api.get(`/api/search?${query}`, headers);
  const body = await answer.json();
  return { status: answer.status, headers: answer.headers, body, data: body.data as QuickSearch };
};
const idsOf = ({ movies, people, collections }: QuickSearch) => ({
  movies: movies.map(({ tmdb_id }) => tmdb_id),
  people: people.map(({ id }) => id),
  collections: collections.map(({ id }) => id),
});

test('a few of each, the best known first, and the last word may only have begun', async () => {
  const { data, body, headers } = await ask('query=star');
  expect(data.movies).toHaveLength(5);
  expect(idsOf(data).movies.slice(0, 2)).toEqual([11, 201]);
  expect(idsOf(data).people).toEqual([2]);
  expect(idsOf(data).collections).toEqual([10, 151]);
  expect(data.people[0]?.profile_url).toEndWith('/w185/m.jpg');
  expect(data.people[0]?.known_for.map(({ tmdb_id }) => tmdb_id)).toEqual([11, 1891]);
  expect(body.meta).toMatchObject({ source: 'mirror', language: { asked: 'en-US' } });
  expect(headers.get('etag')).not.toBeNull();
  expect(idsOf((await ask('query=star+w')).data)).toMatchObject({ movies: [11], collections: [10] });
});

test('a slip of the finger', async () => {
  expect(idsOf((await ask('query=star+wras')).data)).toMatchObject({ movies: [11], collections: [10] });
  expect(idsOf((await ask('query=starlng')).data).people).toEqual([2]);
});

test('collections by their names elsewhere, and named in the language', async () => {
  const { data } = await ask('query=krieg+der+st&language=de-DE');
  expect(data.collections).toEqual([
    { id: 10, name: 'Krieg der Sterne Filmreihe', poster_url: null, backdrop_url: null },
  ]);
  expect((await ask('query=krieg+der+st')).data.collections[0]?.name).toBe('Star Wars Collection');
});

test('pictures of a collection that is known in full', async () => {
  const texts = new Map<RecordPartName<'collection'>, string>([
    ['details', JSON.stringify({ id: 10, name: 'Star Wars Collection', poster_path: '/p.jpg' })],
    [
      'images',
      JSON.stringify({
        posters: [
          { iso_639_1: 'en', file_path: '/p.jpg' },
          { iso_639_1: 'fr', file_path: '/fr.jpg' },
        ],
      }),
    ],
    [
      'translations',
      JSON.stringify({
        translations: [
          { iso_639_1: 'fr', iso_3166_1: 'FR', data: { title: 'La Guerre des étoiles' } },
          { iso_639_1: 'xx', iso_3166_1: 'bad', data: { title: 'No' } },
          { iso_639_1: 'it', iso_3166_1: 'IT', data: { title: '' } },
        ],
      }),
    ],
  ]);
  const collection = { id: 10, name: 'Star Wars Collection' };
  const record = { kind: 'collection', id: 10, texts, credits: [], movies: [], collection } as const;
  const inFrench = async () =>
    (await (await api.get('/api/movies/11?language=fr-CA')).json()).data.collection;
  expect(await inFrench()).toEqual({ id: 10, name: 'Star Wars Collection' });
  await saveRecord(api.database.orm.em.fork(), { ...record, credits: [], movies: [] }, new Date());
  // The movies that say so are told of it.
  await until(async () => (await inFrench()).name === 'La Guerre des étoiles');
  const { data } = await ask('query=guerre+des+etoiles&language=fr-CA');
  expect(data.collections[0]).toMatchObject({ id: 10, name: 'La Guerre des étoiles' });
  expect(data.collections[0]?.poster_url).toEndWith('/w342/fr.jpg');
  expect((await ask('query=star+wars+c')).data.collections[0]?.poster_url).toEndWith('/w342/p.jpg');
  const { rows } = await api.pool.query(
    'select language from collection_names where collection_id = 10 order by 1',
  );
  expect(rows.map(({ language }) => language)).toEqual(['', 'fr-FR']);
});

test('adult titles are for who is known to be old enough, and so are their collections', async () => {
  const adult = await openAccount(api, { dateOfBirth: '1980-01-01' });
  const child = await openAccount(api, { dateOfBirth: '2015-01-01' });
  const of = async ({ headers }: TestAccount, query: string) => idsOf((await ask(query, headers)).data);
  const { movies, collections } = idsOf((await ask('query=starry+secrets')).data);
  expect([movies.includes(301), collections.includes(30)]).toEqual([false, false]);
  expect(await of(adult, 'query=starry+secrets')).toMatchObject({ movies: [301], collections: [30] });
  expect((await of(child, 'query=star+fright')).movies).not.toContain(302);
  expect(await of(adult, 'query=star+fright')).toMatchObject({ movies: [302] });
});

test('whoever is signed in sees what they have said of the movies', async () => {
  const { headers } = await openAccount(api);
  const saved = await api.request('/api/user/interactions', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ tmdb_id: 11, type: 'liked' }),
  });
  expect(saved.status).toBe(200);
  const { data, headers: sent } = await ask('query=star+wars', headers);
  expect((data.movies[0] as { viewer?: unknown }).viewer).toMatchObject({ liked: true, watched: false });
  expect(sent.get('cache-control')).toContain('private');
});

test('nothing asked for finds nothing, and an unknown parameter is named', async () => {
  expect((await ask('')).data).toEqual({ movies: [], people: [], collections: [] });
  expect((await ask('query=+')).data).toEqual({ movies: [], people: [], collections: [] });
  expect((await ask('query=%E2%80%BD')).data.movies).toEqual([]);
  const { status, body } = await ask('page=2');
  expect([status, body.details.map(({ path }: { path: string }) => path).sort()]).toEqual([422, ['page']]);
});
