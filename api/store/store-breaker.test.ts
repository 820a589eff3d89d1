import { expect, test } from 'bun:test';
import { openDatabase } from '#shared/orm/database.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putSnapshot } from '#tests/support/api/movie-fixture.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { breakerOf } from './store-breaker.ts';

/** A path that no cache has an answer for. */
let asked = 0;
const uncached = (api: TestApi) => timed(api.get(`/api/movies/${++asked + 1000}`));

async function timed(answer: ReturnType<TestApi['get']>) {
  const began = performance.now();
  const { status, headers } = await answer;
  return { status, retryAfter: headers.get('retry-after'), ms: performance.now() - began };
}

test('a database that is silent costs the first callers their wait, and the others none, until it is back', async () => {
  await using opened = await openDatabaseBehindWire();
  await using database = await openDatabase(opened.target);
  await using api = await openTestApi({ database, config: { rateLimit: false } });
  await api.pool.query("insert into genres (id, name, listed) values (1, 'Western', true)");
  await putSnapshot(api.pool, 'genres', 1, new Date());
  expect((await api.get('/api/genres')).status).toBe(200);

  await opened.wire.become('swallow');
  // Those that come at once would be one read.
  const first = await Promise.all(
    Array.from({ length: 3 }, (_, at) => Bun.sleep(100 * at).then(() => uncached(api))),
  );
  expect(first.map(({ status }) => status)).toEqual([503, 503, 503]);
  const others: number[] = [];
  for (let more = 0; more < 20; more++) {
    const { status, ms, retryAfter } = await uncached(api);
    expect(status).toBe(503);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    others.push(ms);
  }
  // The middle one: one or the other may meet a busy machine.
  expect(others.toSorted((a, b) => a - b)[10]).toBeLessThan(1000);
  // What was read before is shown, and from the moment on when nothing is heard any more, as outdated.
  const genres = async () => {
    const answer = await api.get('/api/genres');
    return { status: answer.status, stale: (await answer.json()).meta?.stale };
  };
  expect((await genres()).status).toBe(200);
  await until(async () => (await genres()).stale === true);
  expect((await genres()).status).toBe(200);

  await opened.wire.become('pass');
  await until(async () => (await uncached(api)).status !== 503, 30_000);
  await until(async () => (await genres()).stale === false);
}, 150_000);

test('statements that fail by themselves, and slow ones among others, open nothing', async () => {
  await using api = await openTestApi({ config: { rateLimit: false } });
  const breaker = breakerOf(api.pool);
  const slow = () =>
    breaker.run(() => api.pool.query({ text: 'select pg_sleep(5)', query_timeout: 50 } as never));
  const fails = (work: Promise<unknown>) => expect(work).rejects.toThrow();
  for (let i = 0; i < 5; i++) {
    await fails(breaker.run(() => api.pool.query('select nonsense')));
    await fails(slow());
    await breaker.run(() => api.pool.query('select 1'));
  }
  expect(breaker.isOpen).toBe(false);
  for (let i = 0; i < 3; i++) await fails(slow());
  expect(breaker.isOpen).toBe(true);
  await until(() => !breaker.isOpen);
});
