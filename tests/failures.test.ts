import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { openAccount, type TestAccount } from '#tests/support/api/account-fixture.ts';
import { testSecret } from '#tests/support/api/api-fixture.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
let admin: TestAccount;
beforeAll(async () => {
  service = await openService({ env: { JWT_SECRET: testSecret } });
  admin = await openAccount({ pool: service.database.pool }, { role: 'admin' });
});
afterAll(() => service[Symbol.asyncDispose]());

const failures = async (query = ''): Promise<TestBody> =>
  (await service.get(`/api/admin/failures${query}`, { headers: admin.headers })).json();
const replay = (id: string) =>
  service.get(`/api/admin/failures/${id}/replay`, { method: 'POST', headers: admin.headers });

describe('what failed for good', () => {
  test('is listed with its reason and how often, and is gone once it succeeded', async () => {
    service.sandbox.misbehave([{ kind: 'empty-list', match: '/genre/movie/list' }]);
    expect(await service.sync('genres')).toMatchObject({ status: 'failed' });
    expect(await service.sync('genres')).toMatchObject({ status: 'failed' });
    const { data, meta } = await failures();
    expect(meta.total_results).toBe(1);
    expect(data).toEqual([
      expect.objectContaining({
        queue: 'sync',
        job: 'genres',
        subject: '',
        code: 'list_too_short',
        times: 2,
      }),
    ]);
    expect(data[0].message).toMatch(/^[A-Z].*\.$/);

    service.sandbox.misbehave([]);
    const answer = await replay(data[0].id);
    expect(answer.status).toBe(202);
    const body: TestBody = await answer.json();
    expect(body.data).toEqual({ job: 'genres', run_id: expect.any(String) });
    await until(async () => (await failures()).data.length === 0, 30_000);
    expect((await replay(data[0].id)).status).toBe(404);
  }, 120_000);

  test('of a job without recorded runs is replayed from what it was', async () => {
    const id = Bun.randomUUIDv7();
    const movie = Number(
      (
        await service.rows("select tmdb_id from movies where state = 'listed' or state = 'detailed' limit 1")
      )[0]?.tmdb_id,
    );
    await service.rows(
      'update movies set fetched_at = $1, refresh_due_at = null where tmdb_id = $2',
      new Date(0),
      movie,
    );
    await service.rows(
      `insert into job_failures (id, queue, job, subject, payload, code, message, attempts)
       values ($1, 'on-demand', 'movies.fetch', $2, $3, 'upstream_malformed', 'Not what we expected.', 5)`,
      id,
      String(movie),
      JSON.stringify({ tmdbId: movie, requestedAt: Date.now() }),
    );
    expect((await failures('?queue=on-demand&job=movies.fetch')).data[0]).toMatchObject({
      id,
      subject: String(movie),
    });
    expect((await failures('?queue=sync')).data).toEqual([]);
    const body: TestBody = await (await replay(id)).json();
    expect(body.data).toEqual({ job: 'movies.fetch', run_id: null });
    await until(async () => (await failures()).data.length === 0, 30_000);
    const [row] = await service.rows(
      "select fetched_at > now() - interval '1 minute' as fresh from movies where tmdb_id = $1",
      movie,
    );
    expect(row?.fresh).toBe(true);
  }, 60_000);

  test('an id that is none is refused', async () => {
    expect((await replay('x')).status).toBe(422);
    expect((await replay(Bun.randomUUIDv7())).status).toBe(404);
  });
});
