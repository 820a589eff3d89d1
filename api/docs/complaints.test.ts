import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';

let api: TestApi;
let user: TestAccount;
beforeAll(async () => {
  api = await openTestApi();
  user = await openAccount(api);
});
afterAll(() => api[Symbol.asyncDispose]());

const send = (method: string, path: string, body: unknown) =>
  api.request(path, {
    method,
    headers: { ...user.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test.each([
  ['genre=', () => api.get('/api/movies?genre='), ['genre']],
  ['genre=0', () => api.get('/api/movies?genre=0'), ['genre']],
  ['min_vote=', () => api.get('/api/movies?min_vote='), ['min_vote']],
  ['year=', () => api.get('/api/movies?year='), ['year']],
  ['page=&limit=', () => api.get('/api/movies?page=&limit='), ['page', 'limit']],
  ['window=', () => api.get('/api/movies/trending?window='), ['window']],
  ['date_of_birth', () => send('PATCH', '/api/user/profile', { date_of_birth: '' }), ['date_of_birth']],
  ['name', () => send('PATCH', '/api/user/profile', { name: '' }), ['name']],
  [
    'email and password',
    () => send('POST', '/api/auth/register', { name: 'x', email: '', password: '' }),
    ['email', 'password'],
  ],
] as const)('a complaint about %s is made once', async (_, ask, paths) => {
  const answer = await ask();
  expect(answer.status).toBe(422);
  const { details } = (await answer.json()) as { details: { path: string }[] };
  expect(details.map(({ path }) => path)).toEqual([...paths]);
});
