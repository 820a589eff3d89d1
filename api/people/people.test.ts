import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovies } from '#tests/support/api/browse-fixture.ts';
import { MirrorLanguageMeta } from '../http/answers/model.ts';
import { Actor } from './model.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await putMovies(api.pool, [
    { tmdb_id: 1, cast: [1, 2, 3, 4], crew: [5] },
    { tmdb_id: 2, cast: [1, 6], crew: [1] },
  ]);
  for (const [id, name, popularity] of [
    [1, 'Tom Cruise', 50],
    [2, 'Penélope Cruz', 40],
    [3, 'Tom', 1],
    [4, 'Lupita Nyong’o', 30],
    [5, 'Thomas Crews', 90],
    [6, '三船敏郎', null],
  ])
    await api.pool.query('update people set name = $2, popularity = $3 where id = $1', [
      id,
      name,
      popularity,
    ]);
});
afterAll(() => api[Symbol.asyncDispose]());

const find = async (query: string) => {
  const answer = await api.get(`/api/people?${query}`);
  expect([query, answer.status]).toEqual([query, 200]);
  return answer.json();
};
const ids = async (query: string) =>
  (await find(query)).data.map((person: { id: number }) => person.id) as number[];

test('without a query the most popular actors come first, and nobody who is only behind the camera', async () => {
  const { data, meta } = await find('');
  expect(data.map((person: { id: number }) => person.id)).toEqual([1, 2, 4, 3, 6]);
  for (const person of data) Actor.strict().parse(person);
  expect(MirrorLanguageMeta.strict().parse(meta)).toMatchObject({
    source: 'mirror',
    refresh: 'none',
    stale: false,
    language: { asked: 'en-US' },
  });
  expect(await ids('limit=2')).toEqual([1, 2]);
});

test.each([
  ['tom cruise', 1],
  ['tom cruse', 1],
  ['cruise, tom', 1],
  ['tomcruise', 1],
  ['penelope cruz', 2],
  ['penelop', 2],
  ['tom', 3],
  ["lupita nyong'o", 4],
  ['nyongo', 4],
  ['三船', 6],
])('%p finds person %p first', async (query, id) => {
  expect((await ids(`query=${encodeURIComponent(query)}`))[0]).toBe(id);
});

test('what is like nobody finds nobody', async () => {
  expect(await ids('query=qqqzzzxx')).toEqual([]);
});

test('whoever is only behind the camera is found by name, with what they are known for', async () => {
  const { data } = await find('query=thomas%20crews');
  expect(data[0]).toMatchObject({ id: 5, known_for: [{ tmdb_id: 1, title: 'Movie 1' }] });
  expect(
    (await find('query=tom%20cruise')).data[0].known_for.map((one: { tmdb_id: number }) => one.tmdb_id),
  ).toEqual([1, 2]);
});

test('what somebody is known for has no titles that are not for the caller', async () => {
  await api.pool.query("update movies set certification = 'R' where tmdb_id = 2");
  const child = (await openAccount(api, { dateOfBirth: '2020-01-01' })).headers;
  const { data } = await (await api.get('/api/people?query=tom%20cruise', child)).json();
  expect(data[0].known_for.map((one: { tmdb_id: number }) => one.tmdb_id)).toEqual([1]);
});

test('of a thousand whose name begins so the best known come first, also when they have just become so', async () => {
  const ids700 = Array.from({ length: 700 }, (_, at) => 1000 + at);
  await putMovies(api.pool, [{ tmdb_id: 3, cast: ids700 }]);
  await api.pool.query(
    "update people set name = 'Zoltan ' || id, popularity = (id % 5) / 10.0 where id between 1000 and 1699",
  );
  expect(await ids('query=zo&limit=100')).toHaveLength(100);
  await api.pool.query('update people set popularity = 30 where id = 1699');
  await api.pool.query('update people set popularity = 3 where id between 1001 and 1120');
  expect((await ids('query=zo'))[0]).toBe(1699);
  // So many of them are well known that the others are not looked at.
  const found = await ids('query=zo&limit=99');
  expect(found).toHaveLength(99);
  expect(found.filter((id) => id !== 1699 && (id < 1001 || id > 1120))).toEqual([]);
  // But each is found by the whole name.
  expect((await ids('query=zoltan%201500'))[0]).toBe(1500);
  await api.pool.query('update people set popularity = null where id = 1699');
  expect(await ids('query=zo&limit=98')).not.toContain(1699);
});

test('any text is just text; what is none is refused', async () => {
  for (const text of ["'", '%', '_', '\\', '🎬', 'x'.repeat(10_000), ':*', ' ', '???'])
    await find(`query=${encodeURIComponent(text)}`);
  for (const [query, path] of [
    ['query=%00', 'query'],
    ['query=%ED%A0%80', 'query'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
  ]) {
    const answer = await api.get(`/api/people?${query}`);
    expect([query, answer.status, (await answer.json()).details[0].path]).toEqual([query, 422, path]);
  }
});

test('who has the answer already is told so', async () => {
  const etag = (await api.get('/api/people')).headers.get('etag') ?? '';
  expect((await api.get('/api/people', { 'if-none-match': etag })).status).toBe(304);
});

describe('what people are known for', () => {
  beforeAll(async () => {
    await putMovies(api.pool, [
      { tmdb_id: 10, title: 'The Life', vote_count: 9000, cast: [20] },
      ...Array.from({ length: 400 }, (_, n) => ({ tmdb_id: 1000 + n, vote_count: n, crew: [20] })),
      { tmdb_id: 11, title: 'The Song', vote_count: 8000, crew: [20] },
    ]);
    await api.pool.query("update people set name = 'Enna Morri' where id = 20");
    await api.pool.query(`
      insert into movie_translations (movie_id, language, title)
      select id, 'de-DE', 'Das Leben' from movies where tmdb_id = 10`);
  });

  test('is in the language that is asked for', async () => {
    const { data, meta } = await find('query=morri&language=de-DE');
    expect(data[0].known_for.map(({ title }: { title: string }) => title)).toEqual([
      'Das Leben',
      'The Song',
      'Movie 1399',
    ]);
    expect(meta.language).toEqual({ asked: 'de-DE' });
    const answer = await api.get('/api/people?query=morri', { 'accept-language': 'de' });
    expect(answer.headers.get('content-language')).toBe('de-DE');
    expect(answer.headers.get('vary')).toContain('Accept-Language');
    expect((await answer.json()).data[0].known_for[0].title).toBe('Das Leben');
    const search = await (await api.get('/api/search?query=morri&language=de-DE')).json();
    expect(search.data.people[0].known_for[0].title).toBe('Das Leben');
  });

  test('is the best of all that they did, however much that is', async () => {
    const { data } = await find('query=morri');
    expect(data[0].known_for.map(({ tmdb_id }: { tmdb_id: number }) => tmdb_id)).toEqual([10, 11, 1399]);
  });
});

test('everybody has the URL of a portrait, or none', async () => {
  await api.pool.query("update people set profile_path = '/tom.jpg' where id = 1");
  const { data } = await find('limit=4');
  const urls = data.map(({ profile_url: url }: Actor) => url);
  expect(urls).toEqual(['https://images.test/t/p/w185/tom.jpg', null, null, null]);
});
