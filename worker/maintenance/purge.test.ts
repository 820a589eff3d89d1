import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { contentTables, mirroredColumns, ownColumns } from '#shared/movies/mirrored-columns.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { fullMovie, listedMovie, mirroredMovie, person } from '#tests/support/mirrored-movie-factory.ts';
import { readFilledParts } from '#tests/support/movie-catalogue.ts';
import { putUser } from '#tests/support/put-user.ts';
import { saveMovies } from '#worker/movies/save-movies.ts';
import { purge } from './purge.ts';

let database: Database;
const day = 86_400_000;
const fetched = new Date('2026-01-01T00:00:00Z');
const at = (days: number) => new Date(fetched.getTime() + days * day);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  emptyTables(database.pool, 'movies', 'movie_absences', 'people', 'keywords', 'collections', 'users'),
);

const save = (ids: number[], now: Date) =>
  saveMovies(
    database.orm.em.fork(),
    ids.map((id) =>
      mirroredMovie(id, {
        people: [person(id, `Person ${id}`)],
        credits: mirroredMovie(id)
          .credits.slice(0, 1)
          .map((credit) => ({ ...credit, person_id: id })),
      }),
    ),
    { now },
  );

async function run(now: Date, force = false) {
  const context = jobContext(database, { now: () => now });
  await purge({ trigger: 'schedule', force }, context);
  return context.counts;
}

const states = async () =>
  Object.fromEntries(
    (await database.pool.query('select tmdb_id, state from movies order by 1')).rows.map((r) => [
      r.tmdb_id,
      r.state,
    ]),
  );

describe('purge', () => {
  test('takes the content of what is past 180 days, and keeps ids and users’ rows', async () => {
    await save([1], fetched);
    await save([2, 3, 4, 5, 6], at(100));
    const user = Bun.randomUUIDv7();
    await database.pool.query(
      "insert into users (id, name, email, password_hash) values ($1, 'U', 'u@x', 'h')",
      [user],
    );
    await database.pool.query(
      "insert into user_movie_interactions (user_id, movie_id, interaction_type) select $1, id, 'liked' from movies where tmdb_id = 1",
      [user],
    );
    expect(await run(at(179))).toMatchObject({ updated: 0 });
    expect(await run(at(180.1))).toMatchObject({ updated: 1 });
    expect(await states()).toEqual({
      1: 'purged',
      2: 'detailed',
      3: 'detailed',
      4: 'detailed',
      5: 'detailed',
      6: 'detailed',
    });
    const { rows } = await database.pool.query('select * from movies where tmdb_id = 1');
    expect(rows[0]).toMatchObject({ title: '', overview: null, trailers: null, fetched_at: null });
    expect((await database.pool.query('select 1 from user_movie_interactions')).rows).toHaveLength(1);
    expect((await database.pool.query('select id from people order by 1')).rows.map((r) => r.id)).toEqual([
      2, 3, 4, 5, 6,
    ]);
    expect(
      (
        await database.pool.query(
          'select 1 from credits c join movies m on m.id = c.movie_id where tmdb_id = 1',
        )
      ).rows,
    ).toEqual([]);
  });

  test('leaves nothing of TMDb’s in any column or table that the catalogue has', async () => {
    await saveMovies(database.orm.em.fork(), [fullMovie(1)], { now: fetched });
    await database.pool.query(
      "insert into content_neighbours (movie_id, neighbours) select id, '' from movies where tmdb_id = 1",
    );
    const full = await readFilledParts(database.pool, 1);
    expect(full.columns).toEqual(expect.arrayContaining([...mirroredColumns, 'content_hash', 'fetched_at']));
    expect(full.tables).toEqual(expect.arrayContaining([...contentTables, 'movie_titles']));
    await run(at(181), true);
    const held = await readFilledParts(database.pool, 1);
    const stays = Object.entries(ownColumns).flatMap(([column, is]) =>
      is === 'content' || is === 'made' ? [] : [column],
    );
    expect(held.columns.filter((column) => !stays.includes(column))).toEqual([]);
    expect(held.tables).toEqual([]);
  });

  test('stops when it would take more than a fifth at once, unless forced', async () => {
    await save([1, 2], fetched);
    await save([3, 4, 5, 6], at(100));
    await expect(run(at(181))).rejects.toMatchObject({ code: 'too_many_purged' });
    expect(Object.values(await states())).not.toContain('purged');
    expect(await run(at(181), true)).toMatchObject({ updated: 2 });
  });

  test('deletes nothing at all while the time is in doubt, whoever asks', async () => {
    await save([1], fetched);
    await putUser(database.pool);
    await database.pool.query(
      `insert into sync_runs (id, job, trigger, status, queued_at) values ($1, 'genres', 'schedule', 'failed', $2)`,
      [Bun.randomUUIDv7(), fetched],
    );
    const doubtful = { now: () => at(181), clockDoubt: () => 'The clock of PostgreSQL jumped.' };
    const asked = purge({ trigger: 'admin', force: true }, jobContext(database, doubtful));
    await expect(asked).rejects.toMatchObject({
      code: 'clock_in_doubt',
      message: 'Nothing was purged, because the time is in doubt. The clock of PostgreSQL jumped.',
    });
    expect(await states()).toEqual({ 1: 'detailed' });
    expect((await database.pool.query('select 1 from sync_runs')).rows).toHaveLength(1);
  });

  test('puts right what a clock that was ahead has stamped', async () => {
    await save([1, 2], at(200));
    await database.pool.query("update movies set state = 'gone', gone_at = $1 where tmdb_id = 2", [at(200)]);
    await database.pool.query('insert into movie_absences values (3, $1, $1), (4, $2, $2)', [at(200), at(1)]);
    await run(at(1));
    const timesOf = async (columns: string, table: string) =>
      (
        await database.pool.query({
          text: `select distinct ${columns} from ${table} order by 1`,
          rowMode: 'array',
        })
      ).rows.map((times: (string | null)[]) => times.map((time) => time && new Date(time)));
    expect(await timesOf('gone_at, fetched_at', 'movies')).toEqual([
      [at(1), at(-6)],
      [null, at(-6)],
    ]);
    expect(await timesOf('fetched_at', 'people')).toEqual([[at(1)]]);
    expect((await database.pool.query('select tmdb_id from movie_absences where tmdb_id = 3')).rows).toEqual(
      [],
    );
  });

  test('leaves a gone movie gone, without its content', async () => {
    await save([1], fetched);
    await save([2, 3, 4, 5, 6], at(100));
    await database.pool.query("update movies set state = 'gone', gone_at = now() where tmdb_id = 1");
    await run(at(181));
    expect((await states())[1]).toBe('gone');
    expect((await database.pool.query('select overview from movies where tmdb_id = 1')).rows).toEqual([
      { overview: null },
    ]);
  });

  test('takes nothing of a related movie that a fresh movie still names', async () => {
    const movie = mirroredMovie(1, { recommendations: [listedMovie(50)] });
    await saveMovies(database.orm.em.fork(), [movie], { now: fetched });
    await saveMovies(database.orm.em.fork(), [movie], { now: at(170) });
    await run(at(181));
    expect(await states()).toEqual({ 1: 'detailed', 50: 'listed' });
  });

  test('keeps for 30 days what TMDb was asked', async () => {
    for (const days of [0, 2])
      await database.pool.query(
        `with w as (insert into upstream_waits values ($1, 1, 1))
         insert into upstream_requests values ($1, '/movie/{id}', '200', 1)`,
        [at(days)],
      );
    await run(at(31));
    for (const table of ['upstream_requests', 'upstream_waits'])
      expect((await database.pool.query(`select minute = $1 as young from ${table}`, [at(2)])).rows).toEqual([
        { young: true },
      ]);
  });

  test('keeps the security log for 90 days', async () => {
    await database.pool.query(
      "insert into security_events (at, event, outcome) select $1::timestamptz - n * interval '1 minute', 'login', 'done' from generate_series(0, 2500) n",
      [fetched],
    );
    await database.pool.query(
      "insert into security_events (at, event, outcome) values ($1, 'login', 'done')",
      [at(1)],
    );
    const left = async () =>
      (await database.pool.query('select count(*)::int as n from security_events')).rows[0].n;
    await run(at(88));
    expect(await left()).toBe(2502);
    await run(at(90.1));
    expect(await left()).toBe(1);
  });

  test('a second time has nothing to do', async () => {
    await save([1], fetched);
    await save([2, 3, 4, 5, 6], at(100));
    await run(at(181));
    expect(await run(at(181))).toMatchObject({ seen: 0, updated: 0 });
  });
});

describe('what is left behind', () => {
  const count = async (table: string) =>
    Number((await database.pool.query(`select count(*) from ${table}`)).rows[0].count);

  test('bare rows that nobody points at are taken a day later, and no others', async () => {
    const user = await putUser(database.pool);
    await database.pool.query(
      `insert into movies (tmdb_id, title, state, scope, created_at)
       select id, '', 'unknown', case when id = 8 then 3 when id = 9 then 1 end,
         case when id = 7 then $1::timestamptz else $1::timestamptz - interval '2 days' end
       from generate_series(1, 9) as id`,
      [at(10)],
    );
    const point = (table: string, columns: string, values: string, tmdbId: number) =>
      database.pool.query(
        `insert into ${table} (user_id, movie_id, ${columns}) select $1, id, ${values} from movies where tmdb_id = $2`,
        [user, tmdbId],
      );
    await point('user_movie_interactions', 'interaction_type', "'liked'", 2);
    await point('user_movie_preferences', 'position', '0', 3);
    await point('user_movie_ratings', 'rating', '4', 4);
    await run(at(10));
    expect(Object.keys(await states())).toEqual(['2', '3', '4', '7', '8']);
    await database.pool.query('delete from users');
    await run(at(12));
    expect(Object.keys(await states())).toEqual(['8']);
  });

  test('ten thousand of a deleted account are gone', async () => {
    await database.pool.query(
      "insert into movies (tmdb_id, title, state, created_at) select id, '', 'unknown', $1 from generate_series(1, 10000) id",
      [fetched],
    );
    await run(at(2));
    expect(await count('movies')).toBe(0);
  });

  test('imports are forgotten 30 days after their end, and not while they run', async () => {
    const put = async (status: string, finished: Date | null) => {
      const id = Bun.randomUUIDv7();
      await database.pool.query(
        `insert into user_imports (id, user_id, source, list, list_assumed, rows, status, created_at, finished_at)
         values ($1, $2, 'imdb', 'ratings', false, 1, $3, $4, $5)`,
        [id, await putUser(database.pool), status, fetched, finished],
      );
      await database.pool.query('insert into user_import_rows (import_id, line, same_as) values ($1, 2, 2)', [
        id,
      ]);
      return id;
    };
    await put('succeeded', at(1));
    const kept = [await put('succeeded', at(3)), await put('running', null)];
    await put('failed', null);
    await run(at(32));
    const { rows } = await database.pool.query('select id from user_imports order by id');
    expect(rows.map(({ id }) => id)).toEqual(kept.toSorted());
    expect(await count('user_import_rows')).toBe(2);
  });
});
