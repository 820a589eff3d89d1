import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareMigrations,
  migrationsFolder,
  readKeptMigrations,
  unreleased,
} from '#scripts/kept-migrations.ts';
import { type Database, migrateDatabase } from '#shared/orm/database.ts';
import { oldestReader } from '#shared/orm/newer-schema.ts';
import { databaseUrl, emptyDatabase, testDatabase } from './support/database.ts';
import { startProgram, temporaryFolder } from './support/program.ts';

const text = (path: string) => readFile(join(import.meta.dir, '..', path), 'utf8');

let database: Database;

beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const tables = async () =>
  (
    await database.pool.query("select tablename from pg_tables where schemaname = 'public' order by 1")
  ).rows.map((row) => row.tablename);

describe('migrations that may have run somewhere', () => {
  test('are in the list of checksums, and were never edited', async () => {
    // What is new: npm run migration:keep. What was edited: take the old file back, and write a new migration.
    expect(await compareMigrations()).toEqual({ added: {}, changed: [], missing: [] });
  });

  test('are missed when they change or disappear', async () => {
    await using folder = await temporaryFolder();
    await cp(migrationsFolder, folder.path, { recursive: true });
    const file = (name: string) => join(folder.path, `${name}.ts`);
    const [edited, removed] = ['Migration20261125131428_worker_budget', 'Migration20261128052255_totp'];
    await appendFile(file(edited), ' ');
    await rm(file(removed));
    await writeFile(file('Migration29990101000000_new'), '');
    expect(await compareMigrations(folder.path)).toEqual({
      added: { Migration29990101000000_new: expect.stringMatching(/^[0-9a-f]{64}$/) },
      changed: [edited],
      missing: [removed],
    });
  });

  test('belong to the versions of the changelog, and the version before this one may use the schema', async () => {
    const { [unreleased]: waiting = {}, ...kept } = await readKeptMigrations();
    const versions = [...(await text('CHANGELOG.md')).matchAll(/^## (\d+\.\d+\.\d+) /gm)].map(
      ([, version]) => version,
    );
    expect(Object.keys(kept).filter((version) => !versions.includes(version))).toEqual([]);
    expect(oldestReader).toBe(versions[Object.keys(waiting).length > 0 ? 0 : 1] ?? '');
  });
});

describe('a database of a newer version', () => {
  const migrate = async (newer: Database) => {
    await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: databaseUrl(newer) });
    return { code: await program.exited, said: program.output() };
  };

  test('is used by the version before it, and refused by older ones in one sentence', async () => {
    await using newer = await testDatabase();
    const { pool } = newer;
    await pool.query("insert into migrations (name) values ('Migration29990101000000_future')");
    expect((await migrate(newer)).code).toBe(0);
    await pool.query("comment on table migrations is 'oldest version that may use this schema: 98.0.0'");
    expect(await migrate(newer)).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^This database was made by a newer version: version 98.0.0 or newer [^\n]+\n$/,
      ),
    });
    await pool.query("delete from migrations where name like '%_future'");
  });
});

describe('the migrations', () => {
  test('make the schema that the entities describe, with nothing left to change', async () => {
    await migrateDatabase(database);
    expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  });

  test('say the same as their snapshot: a new one would be empty', async () => {
    expect(await database.orm.migrator.checkSchema()).toBe(false);
  });

  test('leave no GIN index with a long list of what is not merged: each search would read it', async () => {
    const { rows } = await database.pool.query(`
      select relname from pg_class where relam = (select oid from pg_am where amname = 'gin')
        and not coalesce(reloptions, '{}') @> array['gin_pending_list_limit=128']`);
    expect(rows).toEqual([]);
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
