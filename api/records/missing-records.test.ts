import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putWholeMovie, tell } from '#tests/support/api/movie-fixture.ts';
import { notingPool } from '#tests/support/api/noting-pool.ts';

let api: TestApi;
let get: TestApi['get'];
/** Names of the statements that were run. */
const run: string[] = [];

beforeAll(async () => {
  api = await openTestApi();
  await putWholeMovie(api.pool, 100);
  get = api.another({
    config: { rateLimit: false, onDemandWaitMs: 0 },
    database: { pool: notingPool(api.database.pool, run) },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

const movies = ['api-films-of-credits', 'api-collection-movies'];
const rows = ['api-person', 'api-collection'];
const readingsOfMovies = () => run.filter((name) => movies.includes(name)).length;
const setCircuit = async (circuit: string) => {
  await api.pool.query("update upstream set circuit = $1, retry_at = now() + interval '30 seconds'", [
    circuit,
  ]);
  await tell(api.pool, { kind: 'upstream' });
};

test.each(['/api/people/3', '/api/collections/5'])(
  'of what must be fetched first no movies are read; while TMDb is away they are read once for all: %s',
  async (path) => {
    run.length = 0;
    for (let i = 0; i < 3; i++) expect((await get(path)).status).toBe(202);
    expect(readingsOfMovies()).toBe(0);
    expect(run.filter((name) => rows.includes(name))).toHaveLength(3);
    await setCircuit('open');
    for (let i = 0; i < 5; i++) {
      const answer = await get(path);
      expect([answer.status, (await answer.json()).meta.stale]).toEqual([200, true]);
    }
    expect(readingsOfMovies()).toBe(1);
    await setCircuit('closed');
    expect((await get(path)).status).toBe(202);
  },
);
