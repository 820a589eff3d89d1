import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
let headers: Record<string, string>;

beforeAll(async () => {
  service = await openService({ sandbox: { movies: 2400 } });
  const answer = await service.get('/api/auth/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', email: 'ada@example.org', password: 'correct horse' }),
  });
  const { data } = (await answer.json()) as { data: { access_token: string } };
  headers = { authorization: `Bearer ${data.access_token}`, 'content-type': 'application/json' };
}, 90_000);
afterAll(() => service[Symbol.asyncDispose]());

interface Shown {
  tmdb_id: number;
  movie: { title: string; viewer: { bookmarked: boolean } } | null;
}

const listed = async (): Promise<Shown[]> =>
  ((await (await service.get('/api/user/interactions?limit=100', { headers })).json()) as { data: Shown[] })
    .data;

test('movies that the mirror lacks are fetched for who names them, and what TMDb lacks stays as it was said', async () => {
  const held = new Set(
    (await service.rows("select tmdb_id from movies where state <> 'unknown'")).map((row) => row.tmdb_id),
  );
  const lacking = Array.from({ length: service.sandbox.catalogue.size }, (_, n) =>
    service.sandbox.catalogue.idAt(n),
  )
    .filter((id) => !held.has(id))
    .slice(0, 40);
  expect(lacking.length).toBeGreaterThan(10);
  const absent = 2_147_483_000;
  const items = [...lacking, absent].map((tmdb_id) => ({ tmdb_id, type: 'bookmarked' }));
  const answer = await service.get('/api/user/interactions', {
    method: 'POST',
    headers,
    body: JSON.stringify({ items }),
  });
  expect([answer.status, ((await answer.json()) as { data: object }).data]).toEqual([
    200,
    { added: items.length, unchanged: 0 },
  ]);
  await until(
    async () => (await listed()).filter((one) => one.movie !== null).length === lacking.length,
    30_000,
  );
  await until(
    async () => (await service.rows('select 1 from movie_absences where tmdb_id = $1', absent)).length === 1,
  );
  for (const { tmdb_id, movie } of await listed())
    if (tmdb_id === absent) expect(movie).toBeNull();
    else expect([movie?.title.length !== 0, movie?.viewer.bookmarked]).toEqual([true, true]);
}, 60_000);
