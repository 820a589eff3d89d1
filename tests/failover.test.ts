import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { waitForPostgres } from '#shared/db/wait-for-postgres.ts';
import { createLog } from '#shared/log.ts';
import { openDatabase } from '#shared/orm/database.ts';
import { testDatabase } from './support/database.ts';
import { openPostgresPair, type PostgresPair } from './support/postgres-pair.ts';
import { type Program, startProgram, temporaryFolder } from './support/program.ts';
import { until } from './support/until.ts';

const log = createLog({ level: 'silent', name: 'test' });
let pair: PostgresPair;
let folder: AsyncDisposable & { path: string };
beforeAll(async () => {
  [pair, folder] = await Promise.all([openPostgresPair(), temporaryFolder()]);
}, 60_000);
afterAll(async () => {
  await pair?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** Rows of the service's database, on the server that takes writes. */
async function ask(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: pair.primary.port,
    user: pair.user,
    database: pair.user,
  });
  await client.connect();
  return client.query(text).then(
    ({ rows }) => client.end().then(() => rows),
    (error) => client.end().then(() => Promise.reject(error)),
  );
}

const start = (script: string, ...args: string[]) =>
  startProgram(`scripts/${script}.ts`, { DATABASE_URL: pair.url(), NEXUS_DATA_DIR: folder.path }, args);

async function failOver(): Promise<void> {
  await pair.primary.kill();
  await pair.promote();
}

/** It ends as failed, and says why in one sentence. */
async function refused(program: Program, sentence: RegExp): Promise<void> {
  expect({ code: await program.exited, said: program.output() }).toEqual({
    code: 1,
    said: expect.stringMatching(sentence),
  });
}

const tablesOf = (schema: string) => `
  select tablename from pg_tables where schemaname = '${schema}' order by 1`;
const wentAway = /^PostgreSQL went away [^\n]+\n$/;

/** Each change of the schema takes a moment longer, so that there is a middle. */
const slowly = `
  create schema slow;
  create function slow.wait() returns event_trigger language plpgsql as 'begin perform pg_sleep(0.02); end';
  create event trigger slow on ddl_command_end execute function slow.wait()`;
const noLonger = 'drop event trigger slow; drop schema slow cascade';

const moments = [
  [
    'the migrations',
    `select from pg_locks where mode = 'AccessExclusiveLock' and granted having count(*) > 60`,
    'none of ours',
  ],
  [
    'those of the queue',
    `select from pg_stat_activity where datname = 'nexus' and query ilike '%create%bullmq%' and state = 'active'`,
    'all of ours',
  ],
] as const;

test.each(moments)(
  'in the middle of %s leaves each whole or not there, and the next start finishes them',
  async (_, isMiddle, left) => {
    const migrations = (await readdir('migrations')).filter((file) => /^Migration.*\.ts$/.test(file)).length;
    await ask('drop schema if exists bullmq cascade; drop schema public cascade; create schema public');
    await ask(slowly);
    {
      await using program = start('migrate');
      await until(async () => (await pair.primary.query(isMiddle)).length > 0, 60_000);
      await failOver();
      await refused(program, wentAway);
    }
    await ask(noLonger);
    const ran = left === 'all of ours' ? migrations : 0;
    expect((await ask('select from migrations')).length).toBe(ran);
    expect(await ask("select to_regclass('public.movies') is not null as there")).toEqual([
      { there: ran > 0 },
    ]);

    await using program = start('migrate');
    expect({ code: await program.exited, said: program.output() }).toMatchObject({ code: 0 });
    expect((await ask('select from migrations')).length).toBe(migrations);
    // This process has been connected to a server that is gone.
    await waitForPostgres(pair.url(), { log });
    await using database = await openDatabase({ url: pair.url() });
    expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    await using whole = await testDatabase();
    for (const schema of ['public', 'bullmq'])
      expect(await ask(tablesOf(schema))).toEqual((await whole.pool.query(tablesOf(schema))).rows);
    await pair.replaceStandby();
  },
  180_000,
);

test('in the middle of a backup ends it with a sentence, and leaves no file; the next one is whole', async () => {
  await ask(`
    insert into movies (tmdb_id, title, overview, state)
    select n, 'Movie ' || n, (select string_agg(md5(n || '/' || m), '') from generate_series(1, 60) m), 'detailed'
    from generate_series(1, 20000) n`);
  const file = join(folder.path, 'across.backup');
  {
    await using program = start('backup', file);
    await until(() => existsSync(`${file}.part`) && statSync(`${file}.part`).size > 0, 60_000);
    program.kill('SIGSTOP');
    await failOver();
    program.kill('SIGCONT');
    await refused(program, wentAway);
  }
  expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  await using again = start('backup', file);
  expect({ code: await again.exited, said: again.output() }).toMatchObject({ code: 0 });

  // The other way round: what a failover interrupts is not there, and no fault of the file.
  await pair.replaceStandby();
  await ask('drop schema bullmq cascade; drop schema public cascade; create schema public');
  {
    await using program = start('restore', file);
    const isMiddle = 'select from pg_stat_activity where query like \'copy "movies"%\'';
    await until(async () => (await pair.primary.query(isMiddle)).length > 0, 60_000);
    await failOver();
    await refused(program, wentAway);
  }
  await using restored = start('restore', file);
  expect({ code: await restored.exited, said: restored.output() }).toMatchObject({ code: 0 });
  expect(await ask('select count(*)::int as n from movies')).toEqual([{ n: 20_000 }]);
}, 180_000);
