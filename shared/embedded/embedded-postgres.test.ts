import { afterEach, describe, expect, test } from 'bun:test';
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  openEmbeddedPostgres,
} from './embedded-postgres.ts';

const folders: string[] = [];
const opened: EmbeddedPostgres[] = [];

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-test-'));
  folders.push(folder);
  return folder;
};

const open = async (
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> => {
  const postgres = await openEmbeddedPostgres({ dataDir, durable: false, ...options });
  opened.push(postgres);
  return postgres;
};

const query = async (postgres: EmbeddedPostgres, sql: string): Promise<QueryResultRow[]> => {
  const { host, port, user, database } = postgres;
  const client = new Client({ host, port, user, database });
  await client.connect();
  try {
    return (await client.query<QueryResultRow>(sql)).rows;
  } finally {
    await client.end();
  }
};

const postmasterPid = async (dataDir: string): Promise<number> =>
  Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

/** Children of a killed postmaster end by themselves, perhaps before they are reached. */
function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
  }
}
const childrenOf = (pid: number): number[] =>
  Bun.spawnSync(['ps', '-A', '-o', 'pid=,ppid='])
    .stdout.toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child ? [child] : []));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((postgres) => postgres.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('the embedded PostgreSQL', () => {
  test('starts from an empty folder, answers, and keeps its rows over a stop', async () => {
    const dataDir = join(await temporary(), '.nexus');
    const first = await open(dataDir, { durable: true });
    expect(first).toMatchObject({ started: true, firstStart: true, owned: true, port: 5432, user: 'nexus' });
    expect(await query(first, "select lower('ÉЖ') as lower, current_setting('fsync') as fsync")).toEqual([
      { lower: 'éж', fsync: 'on' },
    ]);
    await query(first, 'create table kept as select 1 as id');
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    await expect(query(first, 'select 1')).rejects.toThrow();

    const second = await open(dataDir);
    expect(second).toMatchObject({ started: true, firstStart: false });
    expect(await query(second, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  test('has the extensions a search over many languages needs', async () => {
    const postgres = await open(await temporary());
    await query(postgres, 'create extension pg_trgm; create extension unaccent');
    expect(
      await query(postgres, "select unaccent('Hôtel') as plain, similarity('Привет', 'привет') as same"),
    ).toEqual([{ plain: 'Hotel', same: 1 }]);
  });

  test('opens no port and no file to others', async () => {
    const dataDir = join(await temporary(), '.nexus');
    const postgres = await open(dataDir);
    expect(await query(postgres, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    for (const folder of [dataDir, join(dataDir, 'postgres'), postgres.host])
      expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(dataDir, 'postgres.log'))).toBe(0o600);
    expect(await modeOf(join(postgres.host, '.s.PGSQL.5432'))).toBe(0o700);
  });

  test('passes none of our environment to the server', async () => {
    const dataDir = await temporary();
    await open(dataDir);
    if (process.platform !== 'linux') return;
    const environment = await readFile(`/proc/${await postmasterPid(dataDir)}/environ`, 'utf8').catch(
      () => '',
    );
    expect(environment.split('\0').map((it) => it.split('=')[0])).not.toContain('HOME');
  });

  test('is joined when it runs, and not stopped by who joined', async () => {
    const dataDir = await temporary();
    const owner = await open(dataDir);
    const guest = await open(dataDir, { inherit: true });
    expect(guest).toMatchObject({ started: false, firstStart: false, owned: false, host: owner.host });
    await guest.stop();
    expect(await query(owner, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('opened twice at the same moment is started once', async () => {
    const dataDir = await temporary();
    const code = `const { openEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dir, 'embedded-postgres.ts'))});
      const it = await openEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
      console.log(it.started); process.stdin.once('data', () => it.stop().then(() => process.exit(0)));`;
    const child = Bun.spawn([process.execPath, '-e', code], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const reading = child.stdout.getReader().read();
    const here = await Promise.all([open(dataDir), open(dataDir)]);
    const there = new TextDecoder().decode((await reading).value).trim() === 'true';
    expect([there, ...here.map((it) => it.started)].filter(Boolean)).toHaveLength(1);
    for (const postgres of here) expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    await Promise.all(here.map((it) => it.stop()));
    child.stdin.write('end\n');
    await child.stdin.end();
    expect(await child.exited).toBe(0);
  });

  test('works in a folder too deep for a socket, where a second one finds it', async () => {
    const dataDir = join(await temporary(), 'a'.repeat(80), 'with space', 'b'.repeat(80));
    const first = await open(dataDir);
    const second = await open(dataDir);
    folders.push(first.host);
    expect(first.host.length).toBeLessThan(95);
    expect(await modeOf(first.host)).toBe(0o700);
    expect(second).toMatchObject({ started: false, host: first.host });
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('stops opening when told to, and leaves nothing running', async () => {
    const dataDir = await temporary();
    const abort = new AbortController();
    const opening = open(dataDir, { signal: abort.signal });
    setTimeout(() => abort.abort(), 200);
    await expect(opening).rejects.toThrow('abort');
    await opening.catch(() => undefined);
    await expect(access(join(dataDir, 'postgres', 'postmaster.pid'))).rejects.toThrow();
    expect(await open(dataDir)).toMatchObject({ started: true });
  });

  test('empties a log that has grown too long', async () => {
    const dataDir = await temporary();
    const log = join(dataDir, 'postgres.log');
    await writeFile(log, '');
    await truncate(log, 11 * 1024 * 1024);
    await open(dataDir);
    expect((await stat(log)).size).toBeLessThan(10_000);
  });
});

describe('after a crash', () => {
  test.each(['the postmaster', 'all its processes'])(
    'kill -9 of %s loses no committed row',
    async (victims) => {
      const dataDir = await temporary();
      const first = await open(dataDir, { durable: true });
      await query(first, 'create table kept as select generate_series(1, 1000) as id');
      const pid = await postmasterPid(dataDir);
      const pids = victims === 'the postmaster' ? [pid] : [pid, ...childrenOf(pid)];
      pids.forEach(killHard);
      const second = await open(dataDir, { durable: true });
      expect(second).toMatchObject({ started: true, firstStart: false });
      expect(await query(second, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
      await first.stop();
      expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  test('a pid file that names a living stranger keeps nobody from starting', async () => {
    const dataDir = await temporary();
    const first = await open(dataDir);
    const pid = await postmasterPid(dataDir);
    const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    [pid, ...childrenOf(pid)].forEach(killHard);
    await first.stop();
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      pidFile.replace(/^\d+/, String(process.pid)),
    );
    expect(await open(dataDir)).toMatchObject({ started: true, firstStart: false });
  });

  test('what a killed owner left running is joined, and stopped by an heir', async () => {
    const dataDir = await temporary();
    const code = `const { openEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dir, 'embedded-postgres.ts'))});
      globalThis.it = await openEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
      console.log('open'); setInterval(() => undefined, 1000);`;
    const owner = Bun.spawn([process.execPath, '-e', code], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    await owner.stdout.getReader().read();
    owner.kill('SIGKILL');
    await owner.exited;

    const guest = await open(dataDir);
    expect(guest).toMatchObject({ started: false, owned: false });
    const heir = await open(dataDir, { inherit: true });
    expect(heir).toMatchObject({ started: false, owned: true });
    await heir.stop();
    await expect(query(guest, 'select 1')).rejects.toThrow();
  });

  test('a half-made database is not trusted, and what is not ours to remove is moved aside', async () => {
    const dataDir = await temporary();
    await mkdir(join(dataDir, 'postgres', 'global'), { recursive: true });
    await mkdir(join(dataDir, 'postgres.draft-left', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    const messages: string[] = [];
    const postgres = await open(dataDir, { log: (message) => messages.push(message) });
    expect(postgres).toMatchObject({ started: true, firstStart: true });
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
    const names = await readdir(dataDir);
    expect(names.filter((name) => name.startsWith('postgres.incomplete-'))).toHaveLength(1);
    expect(names.filter((name) => name.startsWith('postgres.draft-'))).toEqual([]);
    expect(messages.join()).toContain('was not a complete database');
  });

  test('kill -9 during the first start costs nothing but the time', async () => {
    const dataDir = await temporary();
    const code = `const { openEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dir, 'embedded-postgres.ts'))});
      await openEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });`;
    const child = Bun.spawn([process.execPath, '-e', code], {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'inherit',
    });
    const draftBegun = async () =>
      (await readdir(dataDir)).some((name) => name.startsWith('postgres.draft-'));
    while (child.exitCode === null && !(await draftBegun())) await Bun.sleep(5);
    child.kill('SIGKILL');
    await child.exited;
    const postgres = await open(dataDir);
    expect(postgres).toMatchObject({ started: true, firstStart: true });
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a database of another PostgreSQL version is refused, and left as it is', async () => {
    const dataDir = await temporary();
    await (await open(dataDir)).stop();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(open(dataDir)).rejects.toThrow(/was made by PostgreSQL 17/);
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    expect(await open(dataDir)).toMatchObject({ started: true, firstStart: false });
  });

  test('a start that cannot succeed says what PostgreSQL said', async () => {
    const dataDir = await temporary();
    await (await open(dataDir)).stop();
    await writeFile(join(dataDir, 'postgres', 'postgresql.auto.conf'), "shared_buffers = 'much'\n");
    await expect(open(dataDir)).rejects.toThrow(/did not start.*shared_buffers/s);
  });
});
