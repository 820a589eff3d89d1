import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
beforeAll(async () => {
  service = await openService({ env: { RATE_LIMIT: 'off' }, sandbox: { movies: 3000 } });
});
afterAll(() => service[Symbol.asyncDispose]());

const western = 37;
const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers = {}) =>
  service.get(path, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } });

async function register(): Promise<{ authorization: string }> {
  const body = { name: 'Ada', email: 'ada@example.org', password: 'a long password of Ada' };
  const answer = await post('/api/auth/register', body);
  expect(answer.status).toBe(201);
  const { data } = (await answer.json()) as { data: { access_token: string } };
  return { authorization: `Bearer ${data.access_token}` };
}

async function recommended(headers: { authorization: string }): Promise<number[]> {
  const answer = await service.get(`/api/user/recommendations?genre=${western}&limit=100`, { headers });
  expect(answer.status).toBe(200);
  const { data } = (await answer.json()) as { data: { movie: { tmdb_id: number } }[] };
  return data.map(({ movie }) => movie.tmdb_id);
}

const westerns = () =>
  service.rows(
    `select m.tmdb_id, m.state from movies m join movie_genres g on g.movie_id = m.id
     where g.genre_id = $1 and m.state in ('listed', 'detailed')`,
    western,
  );
const lists = () => service.rows("select name from list_snapshots where name like 'discover/%'");
const asked = () => service.sandbox.requests().filter((one) => one.target.startsWith('/discover/')).length;
/** Runs of `details` that the job asked for. */
const followers = async () =>
  (
    await service.rows(
      "select 1 from sync_runs where queue_job_id = 'after-preferences.discover-details' and status = 'succeeded'",
    )
  ).length;

test('who saves a favourite genre and actor is recommended movies that were not mirrored before', async () => {
  const before = new Set((await westerns()).map((row) => row.tmdb_id));
  const fresh = async () => (await westerns()).filter((row) => !before.has(row.tmdb_id));
  const [actor] = await service.rows(
    'select person_id as id from credits group by person_id order by count(*) desc, person_id limit 1',
  );
  const headers = await register();
  const saved = await post('/api/user/preferences', { genres: [western], actors: [actor?.id] }, headers);
  expect(saved.status).toBe(200);

  await until(async () => (await lists()).length === 2, 30_000);
  const ids = new Set((await fresh()).map((row) => row.tmdb_id));
  expect(ids.size).toBeGreaterThan(0);
  await until(async () => (await recommended(headers)).some((id) => ids.has(id)));
  // `details` follows by itself.
  await until(async () => (await fresh()).some((row) => row.state === 'detailed'), 60_000);
  await until(async () => (await followers()) === 1, 60_000);

  // Once more, for nothing: all of it is there.
  const calls = asked();
  const [user] = await service.rows('select id from users');
  await service.queues.enqueue('preferences.discover', { userId: String(user?.id) }, { jobId: 'again' });
  await until(async () => (await service.queues.queue('background').getJob('again')) === undefined);
  expect(asked()).toBe(calls);
  expect(await followers()).toBe(1);
  const { waiting, active } = await service.queues.queue('sync').getJobCounts('waiting', 'active');
  expect([waiting, active]).toEqual([0, 0]);
}, 120_000);
