import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { movement } from '#shared/movement.ts';
import type { Database } from '#shared/orm/database.ts';
import { unpackNeighbours } from '#shared/recommendations/neighbour-list.ts';
import { databaseUrl, testDatabase } from '#tests/support/database.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { startProgram } from '#tests/support/program.ts';
import { putUser } from '#tests/support/put-user.ts';
import { noCounts } from '#worker/runner/handler.ts';
import { rebuildKeeping, rebuildNeighbours } from './rebuild-neighbours.ts';

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

test('a movie that TMDb does not have counts nowhere', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 404, 2]);
  for (let n = 0; n < 3; n++) await putUserWith([404]);
  await database.pool.query("update movies set state = 'unknown' where tmdb_id in (2, 404)");
  await database.pool.query(
    'insert into movie_absences (tmdb_id, first_seen_at, last_seen_at) values (404, now(), now())',
  );
  const counts = noCounts();
  await rebuild({ counts });
  expect(await neighboursOf(404)).toBeUndefined();
  expect(await neighboursOf(1)).toEqual([2]);
  expect(counts).toMatchObject({ seen: 6, created: 2 });
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

test('what is told from the thread of the arithmetic is movement of the job', async () => {
  for (let n = 0; n < 3; n++) await putUserWith([1, 2, 3]);
  const stores: boolean[] = [];
  const progress = (done: number) => {
    if (done > 0.3 && done < 0.9) stores.push(movement.getStore() !== undefined);
  };
  let moves = 0;
  await movement.run(
    () => moves++,
    () => rebuildKeeping(0)({ trigger: 'admin' }, jobContext(database, { progress })),
  );
  expect(stores.length).toBeGreaterThan(0);
  expect(stores).not.toContain(false);
  expect(moves).toBeGreaterThan(stores.length);
});

test('with no users at all there is nothing, and nothing fails', async () => {
  await rebuild();
  expect((await database.pool.query('select 1 from movie_neighbours')).rows).toEqual([]);
});

describe('a run that is killed by kill -9', () => {
  /** Always the same; each with thirty of so many movies. */
  async function putCrowd(users: number, movies: number): Promise<void> {
    await database.pool.query(
      `insert into movies (tmdb_id, title, state) select id, '', 'detailed' from generate_series(1, $1::int) id`,
      [movies],
    );
    await database.pool.query(
      `insert into users (id, name, email, password_hash, created_at)
       select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Somebody', n || '@example.org', 'none', '2026-01-01'
       from generate_series(1, $1::int) n`,
      [users],
    );
    await database.pool.query(
      `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
       select u.id, m.id, case when place % 3 = 0 then 'watched' else 'liked' end, timestamptz '2026-01-01' + place * interval '1 hour'
       from (select id, row_number() over (order by id) as n from users) u, generate_series(1, 30) place
       join movies m on true
       where m.tmdb_id = 1 + (u.n * 7 + place * (1 + u.n % 5) * 3) % $1::int on conflict do nothing`,
      [movies],
    );
  }
  const killAt = async (progress: number) => {
    const script = 'tests/support/rebuild-and-die.ts';
    await using program = startProgram(script, {}, [databaseUrl(database), String(progress)]);
    expect([await program.exited, program.output()]).toEqual([137, '']);
  };
  const lists = async () =>
    (
      await database.pool.query(
        "select movie_id, users, weight, encode(neighbours, 'hex') as n, encode(transitions, 'hex') as t from movie_neighbours order by 1",
      )
    ).rows;
  const work = async () => (await database.pool.query('select 1 from neighbour_work')).rows.length;
  /** What a run comes to that nothing interrupts, by the users of the crowd: in each database the same. */
  const wholes = new Map<number, { seen: number; lists: object[] }>();
  /** @returns the counts, and how far the arithmetic was when it began */
  const goOn = async (changes: Parameters<typeof jobContext>[1] = {}) => {
    const counts = noCounts();
    let first = 1;
    const progress = (done: number) => {
      if (done > 0.3) first = Math.min(first, done);
    };
    await rebuild({ counts, progress, ...changes });
    return { seen: counts.seen, first };
  };
  /** What counts in a run that begins anew, and in no other. */
  const likeOneMore = () =>
    database.pool.query(
      `insert into user_movie_interactions (user_id, movie_id, interaction_type)
       select '00000000-0000-7000-8000-000000000001', id, 'liked' from movies where tmdb_id = 10000`,
    );
  const putOneMore = () =>
    database.pool.query("insert into movies (tmdb_id, title, state) values (10000, '', 'detailed')");

  test.each([
    ['while it reads', 600, 0.2, 0],
    ['in the neighbors, by users', 600, 0.5, 0.45],
    ['in the transitions, by users', 600, 0.8, 0.75],
    ['in the transitions, by movies', 1100, 0.8, 0.75],
  ])('%s is gone on with, and comes to the same', async (_when, users, progress, from) => {
    await putCrowd(users, 300);
    await putOneMore();
    const whole = wholes.get(users) ?? { ...(await goOn()), lists: await lists() };
    wholes.set(users, whole);
    expect([whole.lists.length, await work()]).toEqual([300, 0]);
    await killAt(progress);
    expect(await work()).toBeGreaterThan(1);
    await likeOneMore();
    const { seen, first } = await goOn();
    expect(seen).toBe(whole.seen);
    expect(first).toBeGreaterThan(from);
    expect(await lists()).toEqual(whole.lists);
    expect(await work()).toBe(0);
    expect((await goOn()).seen).toBe(whole.seen + 1);
  });

  test('begins anew when one of its users is gone, and when it is old', async () => {
    await putCrowd(600, 300);
    await putOneMore();
    const { seen } = await goOn();
    await killAt(0.8);
    await database.pool.query("delete from users where email = '600@example.org'");
    const anew = await goOn();
    expect(anew.seen).toBe(seen - 30);
    expect(anew.first).toBeLessThan(0.45);
    await killAt(0.8);
    await likeOneMore();
    const later = await goOn({ now: () => new Date(Date.now() + 7 * 3_600_000) });
    expect(later.seen).toBe(seen - 30 + 1);
    expect(later.first).toBeLessThan(0.45);
  });
});
