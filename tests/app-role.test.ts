import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import pg from 'pg';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl, emptyDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { postgresAtPort } from './support/postgres-at-port.ts';
import { startProgram } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { until } from './support/until.ts';

const role = `app_${process.pid}`;
const password = `it's "of" the role`;
const secret = 'a secret of this test, long enough';

let owner: Database;
let url: string;
let server: AsyncDisposable;
const ownersUrl = () => databaseUrl(owner);

async function migrate(environment: Record<string, string> = {}) {
  await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: ownersUrl(), ...environment });
  return { code: await program.exited, output: program.output() };
}
const withRole = { DATABASE_APP_USER: role, DATABASE_APP_PASSWORD: password };

beforeAll(async () => {
  owner = await emptyDatabase();
  const port = await freePort();
  server = await postgresAtPort(owner, port);
  url = `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${owner.clientConfig.database}`;
});
afterAll(async () => {
  await owner.pool.query(`drop owned by ${role}`);
  await owner.pool.query(`drop role ${role}`);
  await server[Symbol.asyncDispose]();
  await owner[Symbol.asyncDispose]();
});

describe('the ordinary role of api and worker', () => {
  test('is made by migrate, also over a schema that is there, and as often as it runs', async () => {
    expect(await migrate()).toMatchObject({ code: 0 });
    for (let i = 0; i < 2; i += 1) expect(await migrate(withRole)).toMatchObject({ code: 0 });
    const { rows } = await owner.pool.query(
      'select rolsuper, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles where rolname = $1',
      [role],
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolcanlogin: true }]);
  }, 60_000);

  test('may do what api and worker do, in every table', async () => {
    const { rows } = await owner.pool.query(
      `select name, privilege from pg_tables,
         format('%I.%I', schemaname, tablename) as name,
         unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as privilege
       where schemaname in ('public', 'bullmq') and not has_table_privilege($1, name, privilege)`,
      [role],
    );
    expect(rows).toEqual([]);
  });

  test('is enough for an API process and a worker with everything in PostgreSQL', async () => {
    const port = await freePort();
    const environment = { DATABASE_URL: url, JWT_SECRET: secret, PORT: String(port), SANDBOX_MOVIES: '200' };
    await using api = startProgram('api/main.ts', environment);
    await using worker = startProgram('worker/main.ts', environment);
    await until(() => isReady(`http://127.0.0.1:${port}`), 30_000);
    const trending = async () =>
      (await fetch(`http://127.0.0.1:${port}/api/movies/trending?limit=1`).catch(() => undefined))?.status ===
      200;
    await until(trending, 60_000);
    for (const program of [api, worker]) expect(program.output()).not.toContain('permission denied');
    // It empties tables.
    worker.kill('SIGTERM');
    await worker.exited;
    await using reset = startProgram('worker/main.ts', { ...environment, SANDBOX_MOVIES: '201' }, [
      '--reset-mirror',
    ]);
    await until(() => reset.output().includes('the worker is up'), 60_000);
  }, 150_000);

  test('may not change the schema, nor make anything of its own in it', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of [
      'drop table movies',
      'alter table movies add column x int',
      'create table public.x (id int)',
      'create schema x',
      'create extension citext',
      `alter role ${role} superuser`,
      "copy movies to '/tmp/x'",
    ])
      await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    await client.end();
  });

  test('is told when the owner has not migrated yet, before and after the first time', async () => {
    await owner.pool.query("delete from migrations where name = 'Migration20261125131428_worker_budget'");
    await using api = startProgram('api/main.ts', { DATABASE_URL: url, JWT_SECRET: secret });
    expect(await api.exited).toBe(1);
    expect(api.output()).toContain('lacks 1 migration(s) of this version');
    expect(api.output()).not.toContain('    at ');
    await owner.pool.query("insert into migrations (name) values ('Migration20261125131428_worker_budget')");
  }, 120_000);

  test('is never the owner itself', async () => {
    const { code, output } = await migrate({
      ...withRole,
      DATABASE_APP_USER: String(owner.clientConfig.user),
    });
    expect({ code, output: output.trim().split('\n').at(-1) }).toEqual({
      code: 1,
      output: 'DATABASE_APP_USER is an owner or superuser: it must be an ordinary role.',
    });
  }, 120_000);
});
