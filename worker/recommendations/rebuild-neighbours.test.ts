import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { putUser } from '#tests/support/put-user.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { rebuildNeighbours } from './rebuild-neighbours.ts';

let database: Database;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

async function putUserWith(
  liked: number[],
  watched: number[] = [],
  disliked: number[] = [],
): Promise<string> {
  const id = await putUser(database.pool);
  for (const [type, ids] of Object.entries({ liked, watched, disliked })) {
    await database.pool.query(
      "insert into movies (tmdb_id, title, state) select unnest($1::int[]), '', 'detailed' on conflict do nothing",
      [ids],
    );
    await database.pool.query(
      `insert into user_movie_interactions (user_id, movie_id, interaction_type)
       select $1, id, $3 from movies where tmdb_id = any($2::int[])`,
      [id, ids, type],
    );
  }
  return id;
}

async function neighboursOf(
  tmdbId: number,
  column: 'neighbours' | 'transitions' = 'neighbours',
): Promise<number[] | undefined> {
  const { rows } = await database.pool.query<{ list: Buffer }>(
    `select ${column} as list from movie_neighbours join movies on id = movie_id where tmdb_id = $1`,
    [tmdbId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const ids = [...unpackNeighbours(row.list).movieIds];
  const movies = await database.pool.query('select id, tmdb_id from movies');
  const tmdbIdOf = new Map(movies.rows.map(({ id, tmdb_id }) => [Number(id), Number(tmdb_id)]));
  return ids.map((id) => tmdbIdOf.get(id) ?? 0);
}

const rebuild = (changes: Parameters<typeof jobContext>[1] = {}) =>
  rebuildNeighbours({ trigger: 'admin' }, jobContext(database, changes));

test('what the same people like are neighbours, and the run says what it saw and made', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 2], [3]);
  for (let n = 0; n < 3; n++) await putUserWith([7, 8]);
  const counts = noCounts();
  await rebuild({ counts });
  expect(await neighboursOf(1)).toEqual([2, 3]);
  expect(await neighboursOf(7)).toEqual([8]);
  expect(counts).toMatchObject({ seen: 15, created: 5 });
});

test('what is liked or watched after it follows a movie, by the time of the interaction', async () => {
  for (let n = 0; n < 9; n++) {
    const id = await putUserWith([1, 2], [3]);
    await database.pool.query(
      `update user_movie_interactions i set created_at = timestamptz '2026-01-01' + (3 - m.tmdb_id) * interval '1 day'
       from movies m where m.id = i.movie_id and i.user_id = $1`,
      [id],
    );
  }
  await rebuild();
  expect((await neighboursOf(3, 'transitions'))?.sort()).toEqual([1, 2]);
  expect(await neighboursOf(2, 'transitions')).toEqual([1]);
  expect(await neighboursOf(1, 'transitions')).toEqual([]);
  expect(await neighboursOf(1)).toHaveLength(2);
});

test('what somebody watched and disliked is none of their likes', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 2], [9], [9]);
  await rebuild();
  expect(await neighboursOf(9)).toBeUndefined();
});

test('a deleted user’s likes are gone with the next rebuild', async () => {
  await putUserWith([1, 2]);
  const leaving = await putUserWith([1, 2, 3]);
  const other = await putUserWith([3, 1]);
  await rebuild();
  expect(await neighboursOf(3)).toContain(2);
  await database.pool.query('delete from users where id = any($1)', [[leaving, other]]);
  await putUserWith([1, 2]);
  await rebuild();
  expect(await neighboursOf(3)).toBeUndefined();
  expect(await neighboursOf(1)).toEqual([2]);
});

test('a run that is interrupted leaves the former neighbours whole', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 2]);
  await rebuild();
  for (let n = 0; n < 9; n++) await putUserWith([1, 5]);
  const stopping = new AbortController();
  const interrupted = rebuild({
    signal: stopping.signal,
    progress: () => stopping.abort(new Error('stopped')),
  });
  await expect(interrupted).rejects.toThrow('stopped');
  expect(await neighboursOf(1)).toEqual([2]);
  await rebuild();
  expect(await neighboursOf(1)).toEqual([5, 2]);
});

test('a reader never sees half of a rebuild', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 2, 3, 4, 5, 6]);
  await rebuild();
  let running = true;
  const rebuilding = rebuild().finally(() => {
    running = false;
  });
  const seen = new Set<number>();
  while (running) {
    const { rows } = await database.pool.query('select count(*)::int as rows from movie_neighbours');
    seen.add(rows[0].rows);
  }
  await rebuilding;
  expect([...seen]).toEqual([6]);
});

test('with no users at all there is nothing, and nothing fails', async () => {
  await rebuild();
  expect((await database.pool.query('select 1 from movie_neighbours')).rows).toEqual([]);
});
