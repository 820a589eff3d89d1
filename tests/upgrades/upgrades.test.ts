import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openApi } from '#api/main.ts';
import { backedUpTables, listOf, quoted } from '#scripts/backup/backed-up-tables.ts';
import { readBackup } from '#scripts/backup/read-backup.ts';
import { readApiConfig } from '#shared/config.ts';
import { createLog } from '#shared/log.ts';
import { type Database, migrateDatabase } from '#shared/orm/database.ts';
import { openQueues } from '#shared/queues/queue.ts';
import { emptyDatabase } from '../support/database.ts';
import { askedPaths, signIn } from './filled-user.ts';

const changelog = readFileSync(join(import.meta.dir, '../../CHANGELOG.md'), 'utf8');
const released = [...changelog.matchAll(/^## (\d+\.\d+\.\d+) /gm)].map(([, version = '']) => version);
const fileOf = (version: string, kind: string) => join(import.meta.dir, `${version}.${kind}`);
const never = new AbortController().signal;

/** Answers that a better ranking may change: there are as many of them, and they are shaped alike. */
const isRanked = (path: string) => /recommendations|query=/.test(path);

test('every released version has a filled database here', () => {
  expect(released).toContain('0.1.0');
  const missing = released.filter((version) => !existsSync(fileOf(version, 'backup')));
  // On the commit of the release: bun tests/upgrades/write-fixture.ts <version>
  expect(missing).toEqual([]);
});

describe.each(released)('a database that %s has filled', (version) => {
  let database: Database;
  let migrations: string[];
  const given = JSON.parse(readFileSync(fileOf(version, 'json'), 'utf8')) as {
    refresh_token: string;
    answers: Record<string, unknown>;
  };

  beforeAll(async () => {
    database = await emptyDatabase();
    const content = Bun.gunzipSync(await Bun.file(fileOf(version, 'backup')).bytes());
    const head = JSON.parse(Buffer.from(content.subarray(0, content.indexOf(10))).toString());
    migrations = head.version;
    await database.orm.migrator.up({ to: migrations.at(-1) ?? '' });
    const { clientConfig } = database;
    await readBackup({ clientConfig, file: fileOf(version, 'backup'), signal: never });
    await onClient(database, async (client) => {
      await moveToToday(client, head.at);
      await keepCopies(client);
    });
    await migrateDatabase(database);
    await onClient(database, (client) => client.query(intendedChanges));
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  test('loses nothing when the migrations since then run', async () => {
    expect(await onClient(database, lostRows)).toEqual([]);
    expect(await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).not.toContain('alter table');
  });

  test('can be taken back to the schema of that version, and forth again, and loses nothing', async () => {
    await database.orm.migrator.down({ to: migrations.at(-1) ?? '' });
    expect(await onClient(database, lostRows)).toEqual([]);
    await migrateDatabase(database);
    expect(await onClient(database, lostRows)).toEqual([]);
  });

  test('answers its user as before', async () => {
    await using stack = new AsyncDisposableStack();
    const log = createLog({ level: process.env.TEST_LOG ?? 'silent', name: 'test' });
    const queues = stack.use(await openQueues({ redisUrl: undefined, database, log, role: 'producer' }));
    const config = readApiConfig({ PORT: '0', JWT_SECRET: 'x'.repeat(32), RATE_LIMIT: 'off' });
    const { url } = stack.use(await openApi(config, { database, queues, log }));
    await signIn(url);
    const refreshed = await fetch(`${url}/api/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: given.refresh_token }),
    });
    const { data: tokens } = (await refreshed.json()) as { data: { access_token: string } };
    const authorization = `Bearer ${tokens.access_token}`;
    for (const path of askedPaths) {
      const answer = await fetch(`${url}${path}`, { headers: { authorization } });
      const { data } = (await answer.json()) as { data: unknown };
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      const before = given.answers[path];
      // Since 0.3.0 a movie that TMDb does not have is counted nowhere: Ada has bookmarked one.
      if (path === '/api/user/profile' && version < '0.3') countOneBookmarkLess(before);
      if (isRanked(path))
        expect({ path, data }).toMatchObject({ data: (before as unknown[]).map(() => expect.anything()) });
      else expect({ path, data: withoutTimes(data) }).toMatchObject({ path, data: withoutTimes(before) });
    }
  });
});

async function onClient<T>(database: Database, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.clientConfig);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** What migrations change on purpose: since 0.3.0 "not rated" is no certification, and such movies are asked for again. */
const intendedChanges = `
  update before.movies b set (certification, content_hash, fetched_at) = (m.certification, m.content_hash, m.fetched_at)
  from movies m where m.id = b.id and b.certification = 'NR' and m.certification is null`;

/** As if it had been filled just now: sessions end, and movies grow too old to be shown. */
async function moveToToday(client: pg.Client, filledAt: string): Promise<void> {
  await client.query('set session_replication_role = replica');
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select table_name as name, array_agg(column_name::text) as columns from information_schema.columns
    where table_schema = 'public' and data_type = 'timestamp with time zone' and table_name not like 'bullmq%'
    group by 1`);
  for (const { name, columns } of rows) {
    const moved = columns.map(
      (column) => `${quoted(column)} = ${quoted(column)} + (now() - $1::timestamptz)`,
    );
    await client.query(`update ${quoted(name)} set ${moved.join(', ')}`, [filledAt]);
  }
  await client.query('set session_replication_role = origin');
}

async function keepCopies(client: pg.Client): Promise<void> {
  await client.query('create schema before');
  for (const { name } of await backedUpTables(client))
    await client.query(`create table before.${quoted(name)} as table public.${quoted(name)}`);
}

/** Rows of then that are not there any more, or say something else in one of the columns of then. */
async function lostRows(client: pg.Client): Promise<unknown[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relkind = 'r' and c.relnamespace = 'before'::regnamespace group by 1`);
  expect(tables.length).toBeGreaterThan(25);
  const lost: unknown[] = [];
  for (const { name, columns } of tables) {
    const { rows } = await client.query(
      `select to_jsonb(b) as row from before.${quoted(name)} b
       except all select to_jsonb(t) from (select ${listOf(columns)} from public.${quoted(name)}) t limit 3`,
    );
    lost.push(...rows.map(({ row }) => ({ table: name, row })));
  }
  return lost;
}

function countOneBookmarkLess(profile: unknown): void {
  const { interactions } = profile as { interactions: { bookmarked: number } };
  interactions.bookmarked -= 1;
}

const withoutTimes = (data: unknown): unknown =>
  JSON.parse(JSON.stringify(data), (key, value) => (/^(at|.*_at)$/.test(key) ? undefined : value));
