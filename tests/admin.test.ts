import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

const secret = 'the secret of this one service, long enough';
const email = 'boss@example.org';

let service: Service;
let headers: { authorization: string };
beforeAll(async () => {
  service = await openService({
    env: { JWT_SECRET: secret, ADMIN_EMAIL: email, ADMIN_PASSWORD: 'of the settings' },
  });
  const [admin] = await service.rows('select id, role from users where email = $1', email);
  expect(admin?.role).toBe('admin');
  const userId = String(admin?.id);
  const sessionId = Bun.randomUUIDv7();
  await service.rows(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    sessionId,
    userId,
  );
  const tokens = createAccessTokens({ secret, previousSecret: undefined, now: Date.now });
  headers = { authorization: `Bearer ${await tokens.sign({ userId, sessionId })}` };
});
afterAll(() => service[Symbol.asyncDispose]());

const get = async (path: string): Promise<TestBody> => (await service.get(path, { headers })).json();

describe('an administrator, with the whole service running', () => {
  test('asks for a run, sees how it goes, and finds it in the history', async () => {
    const answer = await service.get('/api/admin/sync/genres', { method: 'POST', headers });
    expect(answer.status).toBe(202);
    const body: TestBody = await answer.json();
    const id = body.data.run_id;
    const run = async () => (await get(`/api/admin/sync/runs/${id}`)).data;
    await until(async () => (await run()).status === 'succeeded', 30_000);
    expect(await run()).toMatchObject({ job: 'genres', trigger: 'admin', progress: 1, error: null });
    const { data } = await get('/api/admin/sync/runs?job=genres&limit=1');
    expect(data).toEqual([await run()]);
  });

  test('sees in the overview what the mirror holds and what TMDb was asked', async () => {
    const granted = async () => (await get('/api/admin/overview')).data.tmdb.limiter.granted;
    // Each worker writes it down every ten seconds.
    await until(async () => (await granted()) > 50, 40_000);
    const { mirror, queues, tmdb, users } = (await get('/api/admin/overview')).data;
    expect(mirror.detailed).toBeGreaterThan(50);
    expect(mirror.last_success_at.trending).toBeString();
    expect(tmdb).toMatchObject({ circuit: 'closed', identity: service.sandbox.url });
    const movies = { endpoint: '/movie/{id}', status: 200, count: expect.any(Number) };
    expect(tmdb.requests).toContainEqual(movies);
    expect(queues.map(({ up }: { up: boolean }) => up)).toEqual([true, true, true, true]);
    expect(users).toMatchObject({ total: 1, admins: 1 });
  });
});
