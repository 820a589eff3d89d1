import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { openSandboxClient, type SandboxClient } from '#tests/support/sandbox-client.ts';
import type { TmdbClient } from '#worker/tmdb/tmdb-client.ts';
import { syncDetails } from './sync-details.ts';

const movies = 5;

let database: Database;
let client: SandboxClient;
beforeAll(async () => {
  database = await testDatabase();
  client = await openSandboxClient(database.pool, 200);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('answers that come one after the other are written together', async () => {
  const ids = Array.from({ length: movies }, (_, position) => client.sandbox.catalogue.idAt(position));
  await database.pool.query(
    "insert into movies (tmdb_id, state, scope, title) select id, 'unknown', 1, 'T' from unnest($1::int[]) as id",
    [ids],
  );
  let turn = Promise.resolve();
  const tmdb = {
    movie: async (...asked: Parameters<TmdbClient['movie']>) => {
      turn = turn.then(() => Bun.sleep(10));
      await turn;
      return client.tmdb.movie(...asked);
    },
    callsAtOnce: client.tmdb.callsAtOnce,
  } as TmdbClient;
  const context = jobContext(database, { tmdb });
  await syncDetails({ trigger: 'schedule' }, context);
  expect(context.counts).toMatchObject({ seen: movies, created: movies, failed: 0 });
  const { rows } = await database.pool.query<{ writes: number }>(
    "select count(distinct fetched_at)::int as writes from movies where state = 'detailed'",
  );
  // The first did not go alone.
  expect(rows).toEqual([{ writes: 1 }]);
});
