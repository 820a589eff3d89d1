import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { Collection, CollectionMeta } from '#api/collections/model.ts';
import { readRecordParts } from '#shared/records/stored-records.ts';
import type { TestBody } from './support/api/test-response.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;

beforeAll(async () => {
  service = await openService({ env: { ON_DEMAND_WAIT_MS: '10000' }, sandbox: { movies: 400 } });
});
afterAll(() => service[Symbol.asyncDispose]());
afterEach(() => service.sandbox.misbehave([]));

const body = async (response: Response): Promise<TestBody> => response.json();
const collection = (id: number, query = '', init?: RequestInit) =>
  service.get(`/api/collections/${id}${query}`, init);
const askedFor = (id: number) =>
  service.sandbox.requests().filter(({ target }) => target.startsWith(`/collection/${id}?`)).length;

test('a collection is fetched once for 20 readers, with its movies in the order of their release', async () => {
  service.sandbox.resetStats();
  const answers = await Promise.all(Array.from({ length: 20 }, () => collection(119)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(askedFor(119)).toBe(1);
  const { data, meta } = await body(answers[0] as Response);
  expect(
    Collection.strict()
      .parse(data)
      .parts.map((part) => part.tmdb_id),
  ).toEqual([120, 121, 122]);
  expect(data).toMatchObject({
    id: 119,
    name: 'The Lord of the Rings Collection',
    poster_url: 'https://image.tmdb.org/t/p/w342/sandbox-collection-119-poster.jpg',
    backdrop_url: 'https://image.tmdb.org/t/p/w780/sandbox-collection-119-backdrop.jpg',
  });
  expect(CollectionMeta.strict().parse(meta)).toMatchObject({ stale: false, refresh: 'none' });
  const kept = await readRecordParts(service.database.pool, {
    kind: 'collection',
    id: 119,
    parts: ['details', 'translations'],
  });
  expect(JSON.parse(kept?.texts.details ?? '{}').parts[0]).toMatchObject({ id: 120, media_type: 'movie' });
});

test('movies without a date come last', async () => {
  const { pool } = service.database;
  await pool.query('update movies set release_date = null where tmdb_id = 120');
  await pool.query("select pg_notify('nexus_notices', $1)", [JSON.stringify({ kind: 'movies', ids: [120] })]);
  await until(async () => {
    const { parts } = (await body(await collection(119))).data;
    return parts.map((part: { tmdb_id: number }) => part.tmdb_id).join() === '121,122,120';
  });
});

test('name, overview and poster are of the language, each by itself', async () => {
  const { data, meta } = await body(await collection(119, '?language=de-AT'));
  expect(data).toMatchObject({
    name: 'The Lord of the Rings Filmreihe',
    overview: 'All that happens in 3 films.',
    poster_url: 'https://image.tmdb.org/t/p/w342/sandbox-collection-119-poster-de.jpg',
  });
  expect(meta.language).toEqual({ asked: 'de-AT', name: 'de-DE', overview: 'en-US' });
});

test('a signed-in caller sees which of its movies they have seen', async () => {
  const post = (path: string, sent: object, headers: Record<string, string> = {}) =>
    service.get(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(sent),
    });
  const { data } = await body(
    await post('/api/auth/register', { name: 'A', email: 'a@example.org', password: 'a harbor in spring' }),
  );
  const authorization = { authorization: `Bearer ${data.access_token}` };
  await post('/api/user/interactions', { tmdb_id: 121, type: 'watched' }, authorization);
  const answer = await collection(119, '', { headers: authorization });
  const seen = (await body(answer)).data.parts.map(
    (part: { tmdb_id: number; viewer: { watched: boolean } }) => [part.tmdb_id, part.viewer.watched],
  );
  expect(Object.fromEntries(seen)).toEqual({ 120: false, 121: true, 122: false });
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
});

test('one that TMDb does not have is 404, asked for once; while TMDb is down what movies say is shown', async () => {
  service.sandbox.resetStats();
  for (let turn = 0; turn < 3; turn++) {
    const answer = await collection(1_999_999_999);
    expect([answer.status, (await body(answer)).code]).toEqual([404, 'collection_not_found']);
  }
  expect(askedFor(1_999_999_999)).toBe(1);
  service.sandbox.misbehave([{ kind: 'status-503' }]);
  const { data, meta } = await body(await collection(10));
  expect([data.name, data.overview, meta.stale]).toEqual(['Star Wars Collection', null, true]);
  expect(data.parts.map((part: { tmdb_id: number }) => part.tmdb_id)).toEqual([11, 1891, 1892]);
  const away = await collection(1_999_999_998);
  expect([away.status, (await body(away)).code]).toEqual([503, 'upstream_unavailable']);
});
