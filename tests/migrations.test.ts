import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type Database, migrateDatabase } from '#shared/orm/database.ts';
import { emptyDatabase } from './support/database.ts';

let database: Database;

beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const tables = async () =>
  (
    await database.pool.query("select tablename from pg_tables where schemaname = 'public' order by 1")
  ).rows.map((row) => row.tablename);

describe('the migrations', () => {
  test('make the schema that the entities describe, with nothing left to change', async () => {
    await migrateDatabase(database);
    expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  });

  test('say the same as their snapshot: a new one would be empty', async () => {
    expect(await database.orm.migrator.checkSchema()).toBe(false);
  });

  test('are safe to run by several processes at once, and again', async () => {
    await Promise.all([migrateDatabase(database), migrateDatabase(database), migrateDatabase(database)]);
    expect(await tables()).toContain('movies');
  });

  test('go back to a schema that knows of no follow-up, with such runs in the table', async () => {
    const triggers = async () => (await database.pool.query('select trigger from sync_runs')).rows;
    await database.pool.query(
      "insert into sync_runs (id, job, trigger, status) values ($1, 'details', 'follow-up', 'succeeded')",
      [Bun.randomUUIDv7()],
    );
    await database.orm.migrator.down({ to: 'Migration20261125131428_worker_budget' });
    expect(await triggers()).toEqual([{ trigger: 'schedule' }]);
    await migrateDatabase(database);
    expect(await triggers()).toEqual([{ trigger: 'schedule' }]);
  });

  test('give stored certifications their usual spelling, and make stale what only said that it is unrated', async () => {
    await database.orm.migrator.down({ to: 'Migration20261128070020_run_losses' });
    const given = ['PG13', 'r ', 'Rated R', 'ＮＣ－１７', 'PG', 'Approved', 'NR', 'Not Rated', ''];
    for (const [index, certification] of given.entries())
      await database.pool.query(
        "insert into movies (tmdb_id, title, state, certification, fetched_at) values ($1, 'T', 'detailed', $2, now())",
        [index + 1, certification],
      );
    await migrateDatabase(database);
    const { rows } = await database.pool.query(
      "select certification, fetched_at < now() - interval '7 days' as stale from movies order by tmdb_id",
    );
    const expected = ['PG-13', 'R', 'R', 'NC-17', 'PG', 'Approved', null, null, null];
    expect(rows.map((row) => row.certification)).toEqual(expected);
    expect(rows.map((row) => row.stale)).toEqual(expected.map((one) => one === null));
    await database.pool.query('truncate movies cascade');
  });

  test('go down to nothing and up again', async () => {
    await database.orm.migrator.down({ to: 0 });
    expect(await tables()).toEqual(['migrations']);
    await migrateDatabase(database);
    expect(await tables()).toContain('user_movie_interactions');
  });

  test('give the tables that the owner named their columns and constraints', async () => {
    const { rows } = await database.pool.query(`
      select table_name || '.' || column_name as column, data_type, character_maximum_length as length, is_nullable
      from information_schema.columns where table_schema = 'public'
        and table_name in ('users', 'genres', 'movies', 'movie_genres', 'user_movie_interactions')`);
    const columns = Object.fromEntries(
      rows.map((row) => [row.column, [row.data_type, row.length, row.is_nullable]]),
    );
    expect(columns).toMatchObject({
      'users.id': ['uuid', null, 'NO'],
      'users.name': ['character varying', 255, 'NO'],
      'users.email': ['character varying', 255, 'NO'],
      'users.password_hash': ['character varying', 255, 'NO'],
      'users.date_of_birth': ['date', null, 'YES'],
      'genres.id': ['integer', null, 'NO'],
      'genres.name': ['character varying', 255, 'NO'],
      'movies.tmdb_id': ['integer', null, 'NO'],
      'movies.title': ['character varying', 255, 'NO'],
      'movies.long_title': ['text', null, 'YES'],
      'movies.overview': ['text', null, 'YES'],
      'movies.poster_path': ['character varying', 255, 'YES'],
      'movies.release_date': ['date', null, 'YES'],
      'movies.popularity': ['double precision', null, 'YES'],
      'movies.vote_average': ['double precision', null, 'YES'],
      'user_movie_interactions.interaction_type': ['character varying', 50, 'NO'],
    });
  });

  test('make users.updated_at follow any change of the row', async () => {
    const id = Bun.randomUUIDv7();
    await database.pool.query(
      "insert into users (id, name, email, password_hash, updated_at) values ($1, 'A', 'a@example.org', 'x', '2000-01-01')",
      [id],
    );
    await database.pool.query("update users set name = 'B' where id = $1", [id]);
    const { rows } = await database.pool.query(
      'select updated_at > created_at as moved from users where id = $1',
      [id],
    );
    expect(rows).toEqual([{ moved: true }]);
  });

  test('refuse a second user of one email, and an interaction that does not exist', async () => {
    const insert = (email: string) =>
      database.pool.query("insert into users (id, name, email, password_hash) values ($1, 'C', $2, 'x')", [
        Bun.randomUUIDv7(),
        email,
      ]);
    await insert('twice@example.org');
    await expect(insert('twice@example.org')).rejects.toThrow('users_email_unique');
  });
});
