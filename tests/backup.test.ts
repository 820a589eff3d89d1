import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, lstat, mkdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { backedUpTables, listOf, quoted } from '#scripts/backup/backed-up-tables.ts';
import { writeBackup } from '#scripts/backup/write-backup.ts';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl, emptyDatabase, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { startProgram, temporaryFolder } from './support/program.ts';
import { freePort } from './support/redis.ts';
import { openService, type Service } from './support/service.ts';
import { until } from './support/until.ts';

let service: Service;
let folder: AsyncDisposable & { path: string };
const never = new AbortController().signal;

beforeAll(async () => {
  [service, folder] = await Promise.all([openService(), temporaryFolder()]);
  const body = JSON.stringify({ name: 'Ada', email: 'ada@example.org', password: 'correct horse' });
  const headers = { 'content-type': 'application/json' };
  const registered = await service.get('/api/auth/register', { method: 'POST', headers, body });
  const { data } = (await registered.json()) as { data: { access_token: string } };
  await service.get('/api/user/interactions', {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${data.access_token}` },
    body: JSON.stringify({
      items: [
        { tmdb_id: 550, type: 'liked' },
        { tmdb_id: 13, type: 'watched' },
      ],
    }),
  });
}, 90_000);
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** Every table, as a count and a sum over all that its rows say. */
async function contentsOf(database: Database): Promise<Record<string, unknown>> {
  const client = new pg.Client(database.clientConfig);
  await client.connect();
  try {
    const found: Record<string, unknown> = {};
    for (const { name, columns } of await backedUpTables(client)) {
      const { rows } = await client.query(
        `select count(*)::int as rows, sum(('x' || substr(md5(t::text), 1, 12))::bit(48)::bigint) as sum
         from (select ${listOf(columns)} from ${quoted(name)}) t`,
      );
      found[name] = rows[0];
    }
    return found;
  } finally {
    await client.end();
  }
}

const run = async (script: string, database: Database, ...given: string[]) => {
  await using program = startProgram(script, { DATABASE_URL: databaseUrl(database) }, given);
  const code = await program.exited;
  await Bun.sleep(0);
  return { code, output: () => program.output() };
};

describe('a backup', () => {
  test('of a running service is restored into a new database as it was at that moment', async () => {
    const file = join(folder.path, 'one.backup');
    await until(async () => (await service.queues.queue('sync').getActiveCount()) === 0, 30_000);
    // Usage is written down every ten seconds: from here on the tables stand still.
    // What the security log says is written a moment later.
    const logged = () => service.database.pool.query('select 1 from security_events');
    await until(async () => (await logged()).rowCount === 1);
    const living = ['upstream_requests', 'upstream_waits', 'metric_totals', 'upstream'];
    const atRest = async () => {
      const contents = await contentsOf(service.database);
      return Object.fromEntries(Object.entries(contents).filter(([name]) => !living.includes(name)));
    };
    // A job may follow another one late: what was written meanwhile is in the backup or not.
    let before: Awaited<ReturnType<typeof atRest>>;
    do {
      before = await atRest();
      const written = await run('scripts/backup.ts', service.database, file, '--force');
      expect(written.code).toBe(0);
    } while (!Bun.deepEquals(await atRest(), before));
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');

    await using fresh = await emptyDatabase();
    const restored = await run('scripts/restore.ts', fresh, file);
    expect({ code: restored.code, output: restored.output() }).toEqual({
      code: 0,
      output: expect.stringContaining('restored'),
    });
    const after = await contentsOf(fresh);
    for (const [name, content] of Object.entries(before))
      expect({ name, content: after[name] }).toEqual({ name, content });
    expect(Object.keys(after).sort()).toEqual([...Object.keys(before), ...living].sort());
    expect(after.movies).toMatchObject({ rows: expect.any(Number) });

    const port = await freePort();
    await using _api = startProgram('api/main.ts', {
      DATABASE_URL: databaseUrl(fresh),
      JWT_SECRET: 'x'.repeat(40),
      PORT: String(port),
    });
    const url = `http://127.0.0.1:${port}`;
    await until(() => isReady(url), 30_000);
    const bodyOf = async (answer: Response) => ((await answer.json()) as { data: unknown }).data;
    for (const path of ['/api/movies/550', '/api/movies/trending', '/api/movies?query=fight', '/api/genres'])
      expect(await bodyOf(await fetch(`${url}${path}`))).toEqual(await bodyOf(await service.get(path)));
    const login = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org', password: 'correct horse' }),
    });
    expect(login.status).toBe(200);
    // Ids go on behind the restored ones, and triggers are awake again.
    const { rows } = await fresh.pool.query(
      "insert into movies (tmdb_id, title, state) values (1999999999, 'A New One', 'listed') returning id",
    );
    expect(rows).toHaveLength(1);
    expect(
      (await fresh.pool.query('select 1 from movie_titles where movie_id = $1', [rows[0].id])).rowCount,
    ).toBeGreaterThan(0);
  }, 120_000);

  test('that is told so signs nobody in who has signed out since, and revives no link', async () => {
    const file = join(folder.path, 'sessions.backup');
    const { pool } = service.database;
    await pool.query(
      "insert into password_resets (token_hash, user_id, expires_at) select 'x', id, now() + interval '1 hour' from users limit 1",
    );
    await writeBackup({ clientConfig: service.database.clientConfig, file, signal: never });
    await using fresh = await emptyDatabase();
    const restored = await run('scripts/restore.ts', fresh, '--end-sessions', file);
    expect([restored.code, restored.output()]).toEqual([
      0,
      expect.stringContaining('All sessions in it have ended.'),
    ]);
    for (const table of ['sessions', 'refresh_tokens', 'password_resets']) {
      const [before, after] = [pool, fresh.pool].map((on) => on.query(`select 1 from ${table}`));
      expect({ table, before: (await before)?.rowCount }).not.toEqual({ table, before: 0 });
      expect({ table, after: (await after)?.rowCount }).toEqual({ table, after: 0 });
    }
    expect((await fresh.pool.query("select 1 from pg_trigger where tgenabled = 'D'")).rowCount).toBe(0);
  }, 120_000);

  test('has what was there when it began, whatever is written meanwhile', async () => {
    const file = join(folder.path, 'two.backup');
    const { rows: before } = await service.database.pool.query('select count(*)::int as n from movies');
    let writes = 0;
    const stop = new AbortController();
    const writing = (async () => {
      while (!stop.signal.aborted)
        await service.database.pool.query(
          "insert into movies (tmdb_id, title, state) values ($1, '', 'unknown')",
          [1_900_000_000 + writes++],
        );
    })();
    await until(() => writes > 5);
    await writeBackup({ clientConfig: service.database.clientConfig, file, signal: never });
    stop.abort();
    await writing;
    await using fresh = await emptyDatabase();
    expect((await run('scripts/restore.ts', fresh, file)).code).toBe(0);
    const { rows } = await fresh.pool.query(
      'select count(*)::int as n, count(distinct tmdb_id)::int as ids, max(tmdb_id) as newest from movies',
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(before[0].n + 5);
    // Without a gap: each that was there, and none after.
    expect(rows[0].newest - 1_900_000_000 + 1).toBe(rows[0].n - before[0].n);
  }, 120_000);

  test('that is torn or spoilt is refused, and changes nothing', async () => {
    const whole = join(folder.path, 'whole.backup');
    await writeBackup({ clientConfig: service.database.clientConfig, file: whole, signal: never });
    const bytes = await readFile(whole);
    const torn = join(folder.path, 'torn.backup');
    await writeFile(torn, bytes);
    await truncate(torn, Math.floor(bytes.length * 0.9));
    const spoilt = join(folder.path, 'spoilt.backup');
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 40; i++) copy[Math.floor(bytes.length / 2) + i] = 0;
    await writeFile(spoilt, copy);
    const other = join(folder.path, 'other.backup');
    await writeFile(other, Bun.gzipSync(Buffer.from('{"format":"something else"}\n')));
    await using fresh = await testDatabase();
    for (const file of [torn, spoilt, other, join(folder.path, 'none')]) {
      const { code, output } = await run('scripts/restore.ts', fresh, file);
      expect({ file, code }).toEqual({ file, code: 1 });
      expect(output()).toMatch(/Nothing was restored|There is no file/);
      expect(output()).not.toContain('    at ');
    }
    expect((await fresh.pool.query('select 1 from movies')).rowCount).toBe(0);
    expect((await fresh.pool.query("select 1 from pg_trigger where tgenabled = 'D'")).rowCount).toBe(0);
  }, 120_000);

  test('that cannot be written says why in one sentence, and leaves nothing behind', async () => {
    const [taken, plain] = [join(folder.path, 'a-folder'), join(folder.path, 'a-file')];
    await mkdir(join(taken, 'full'), { recursive: true });
    await writeFile(plain, '');
    for (const file of ['/nonexistent/x', taken, join(plain, 'x')]) {
      const { code, output } = await run('scripts/backup.ts', service.database, file);
      expect({ code, output: output() }).toEqual({
        code: 1,
        output: expect.stringMatching(/^[^\n]+ cannot be written: [^\n]+\.\n$/),
      });
    }
    expect(await Bun.file(`${taken}.part`).exists()).toBe(false);
  }, 60_000);

  test('replaces no file, and writes through nobody’s link, unless it is told to', async () => {
    const [file, victim] = [join(folder.path, 'kept.backup'), join(folder.path, 'victim')];
    await writeFile(file, 'mine');
    await writeFile(victim, 'somebody’s');
    const refused = await run('scripts/backup.ts', service.database, file);
    expect([refused.code, await readFile(file, 'utf8')]).toEqual([1, 'mine']);
    expect(refused.output()).toMatch(/^[^\n]+ exists already[^\n]+--force[^\n]+\n$/);

    await rm(file);
    await symlink(victim, `${file}.part`);
    const linked = await run('scripts/backup.ts', service.database, file);
    expect([linked.code, await readFile(victim, 'utf8')]).toEqual([1, 'somebody’s']);
    expect(linked.output()).toMatch(/^[^\n]+\.part exists[^\n]+\n$/);
    expect((await lstat(`${file}.part`)).isSymbolicLink()).toBe(true);

    await writeFile(file, 'old');
    const forced = await run('scripts/backup.ts', service.database, '--force', file);
    expect([forced.code, forced.output()]).toEqual([0, expect.stringContaining('rows of')]);
    expect((await readFile(file)).length).toBeGreaterThan(1000);
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    expect(await readFile(victim, 'utf8')).toBe('somebody’s');
  }, 60_000);

  test('is not restored over what is there', async () => {
    const file = join(folder.path, 'three.backup');
    await writeBackup({ clientConfig: service.database.clientConfig, file, signal: never });
    const { code, output } = await run('scripts/restore.ts', service.database, file);
    expect(code).toBe(1);
    expect(output()).toContain('not empty');
  }, 60_000);
});

describe('the embedded database', () => {
  test('starts from a cold copy of its folder, and from a backup of it', async () => {
    const start = async (dataDir: string) => {
      const port = await freePort();
      const program = startProgram('scripts/start.ts', {
        NEXUS_DATA_DIR: dataDir,
        PORT: String(port),
        SANDBOX_MOVIES: '200',
        HOME: folder.path,
      });
      const url = `http://127.0.0.1:${port}`;
      const answers = () =>
        fetch(`${url}/api/movies/550`).then(
          (answer) => answer.status === 200,
          () => false,
        );
      await until(answers, 90_000);
      return {
        program,
        titleOf: async () =>
          ((await (await fetch(`${url}/api/movies/550`)).json()) as { data: { title: string } }).data.title,
      };
    };
    const [first, copy, third] = ['first', 'copy', 'third'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    const file = join(folder.path, 'embedded.backup');
    const running = await start(first);
    const title = await running.titleOf();
    {
      await using backup = startProgram('scripts/backup.ts', { NEXUS_DATA_DIR: first, HOME: folder.path }, [
        file,
      ]);
      expect(await backup.exited).toBe(0);
    }
    await running.program[Symbol.asyncDispose]();
    await cp(first, copy, { recursive: true });
    const again = await start(copy);
    expect(await again.titleOf()).toBe(title);
    await again.program[Symbol.asyncDispose]();

    {
      await using restore = startProgram('scripts/restore.ts', { NEXUS_DATA_DIR: third, HOME: folder.path }, [
        file,
      ]);
      expect(await restore.exited).toBe(0);
    }
    const restored = await start(third);
    expect(await restored.titleOf()).toBe(title);
    await restored.program[Symbol.asyncDispose]();
  }, 240_000);
});
