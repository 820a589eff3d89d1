import { connect, type Socket } from 'node:net';
import type { TestAccount } from '#tests/support/api/account-fixture.ts';
import { isReady } from '#tests/support/is-ready.ts';
import { startProgram, temporaryFolder } from '#tests/support/program.ts';
import { until } from '#tests/support/until.ts';
import type { Fault } from '../fault.ts';
import { headersOf, type Installation, type Topology } from '../installation.ts';

const apart: readonly Topology[] = ['postgres', 'redis'];
const everywhere: readonly Topology[] = ['start', ...apart];
/** What runs the jobs. */
const workerOf = ({ topology }: Installation) => (topology === 'start' ? 'start' : 'worker');
const importRows = 150;
const idleConnections = 10_000;
const trickledRequests = 200;

/** What one injection leaves for its end. */
const ends = new WeakMap<Installation, () => Promise<unknown>>();
const end = (on: Installation) => ends.get(on)?.();

/** Movies from the far end of the catalogue: most have to be asked for at TMDb. */
function importFile({ sandbox: { catalogue } }: Installation): string {
  const rows = Array.from({ length: importRows }, (_, at) =>
    catalogue.row(catalogue.idAt(catalogue.size - 1 - at)),
  );
  const lines = rows.map(
    (row) => `2024-01-01,"${row?.title.replaceAll('"', '""')}",${row?.release_date?.slice(0, 4) ?? ''},`,
  );
  return `Date,Name,Year,Letterboxd URI\n${lines.join('\n')}\n`;
}

const importPath = '/api/user/import?source=letterboxd';

async function sendImport(on: Installation, account?: TestAccount): Promise<string> {
  const headers = await headersOf(account ?? (await on.account()));
  const answer = await fetch(on.url + importPath, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: importFile(on),
  });
  const body = (await answer.json()) as { data?: { import_id: string } };
  if (body.data === undefined) throw new Error(`the import answered ${answer.status}`);
  return body.data.import_id;
}

const settledOf = async (on: Installation, id: string) =>
  (
    await on.rows<{ settled: number }>(
      "select count(*)::int as settled from user_import_rows where import_id = $1 and status <> 'pending'",
      id,
    )
  )[0]?.settled ?? 0;

/** All rows settled, each once, within a minute. */
async function importEnds(on: Installation, id: string): Promise<void> {
  const status = async () =>
    (await on.rows<{ status: string }>('select status from user_imports where id = $1', id))[0]?.status;
  await until(async () => (await status()) === 'succeeded', 60_000);
  const settled = await settledOf(on, id);
  if (settled !== importRows) throw new Error(`${settled} of ${importRows} rows are settled`);
}

/** The worker is killed as soon as so many rows are settled. */
const importKilled = (stage: string, atRows: number): Fault => ({
  name: `kill -9 of the worker during an import, ${stage}`,
  topologies: everywhere,
  lastsMs: 500,
  async inject(on) {
    const id = await sendImport(on);
    await until(async () => (await settledOf(on, id)) >= atRows, 30_000);
    const name = workerOf(on);
    on.program(name).kill('SIGKILL');
    ends.set(on, async () => {
      await on.program(name).exited;
      on.startAgain(name);
      await importEnds(on, id);
    });
  },
  heal: end,
});

const importLost: Fault = {
  name: 'FLUSHALL of Redis during an import',
  topologies: ['redis'],
  lastsMs: 500,
  async inject(on) {
    const id = await sendImport(on);
    await until(async () => (await settledOf(on, id)) >= 20, 30_000);
    await on.redis?.command('flushall');
    ends.set(on, () => importEnds(on, id));
  },
  heal: end,
};

const uploadCut: Fault = {
  name: 'kill -9 of the api in the middle of an upload',
  topologies: apart,
  lastsMs: 500,
  async inject(on) {
    const account = await on.account();
    const file = importFile(on);
    const { authorization } = await headersOf(account);
    const head = `POST ${importPath} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: text/csv\r\ncontent-length: ${Buffer.byteLength(file)}\r\n\r\n`;
    const [socket] = await openSockets(on, 1, head + file.slice(0, file.length / 2));
    await Bun.sleep(1000);
    on.program('api').kill('SIGKILL');
    ends.set(on, async () => {
      socket?.destroy();
      await on.program('api').exited;
      on.startAgain('api');
      await until(() => isReady(on.url), 60_000);
      // Nothing of the half one keeps its user from sending the whole one.
      await importEnds(on, await sendImport(on, account));
    });
  },
  heal: end,
};

const keysStatement = `select i.user_id || '/' || m.tmdb_id || '/' || i.interaction_type as key
  from user_movie_interactions i join movies m on m.id = i.movie_id`;

const backup: Fault = {
  name: 'a backup under traffic, restored',
  topologies: apart,
  lastsMs: 0,
  async inject(on) {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/backup`;
    const run = async (script: string, env: Record<string, string>, args: string[]) => {
      await using program = startProgram(script, env, args);
      if ((await program.exited) !== 0) throw new Error(`${script}: ${program.output()}`);
    };
    const before = await on.rows<{ key: string }>(keysStatement);
    await run('scripts/backup.ts', { DATABASE_URL: on.databaseUrl() }, [file]);
    const name = `restored_${Date.now()}`;
    await on.rows(`create database ${name}`);
    const into = { DATABASE_URL: on.databaseUrl(name) };
    await run('scripts/migrate.ts', into, []);
    await run('scripts/restore.ts', into, [file]);
    const restored = new Set((await on.rowsIn<{ key: string }>(name, keysStatement)).map(({ key }) => key));
    const lost = before.filter(({ key }) => !restored.has(key)).length;
    if (lost > 0) throw new Error(`${lost} of ${before.length} interactions were not restored`);
    const kept = new Set((await on.rows<{ key: string }>(keysStatement)).map(({ key }) => key));
    const invented = [...restored].filter((key) => !kept.has(key)).length;
    if (invented > 0) throw new Error(`${invented} interactions were restored that nobody wrote`);
    await on.rows(`drop database ${name}`);
  },
  heal: () => {},
};

const migrationsKilled: Fault = {
  name: 'kill -9 of the migrations at four moments',
  topologies: ['postgres'],
  lastsMs: 0,
  async inject(on) {
    const name = `migrated_${Date.now()}`;
    await on.rows(`create database ${name}`);
    const env = { DATABASE_URL: on.databaseUrl(name) };
    for (const afterMs of [900, 1300, 1700, 2100]) {
      await using program = startProgram('scripts/migrate.ts', env);
      await Bun.sleep(afterMs);
      program.kill('SIGKILL');
      await program.exited;
    }
    await using last = startProgram('scripts/migrate.ts', env);
    if ((await last.exited) !== 0) throw new Error(last.output());
    if ((await on.rowsIn(name, 'select from migrations')).length === 0) throw new Error('no migration ran');
    await on.rows(`drop database ${name}`);
  },
  heal: () => {},
};

/** Connections to the api, each of which sends this first. */
async function openSockets(on: Installation, count: number, first: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = connect(Number(new URL(on.url).port), '127.0.0.1', () => socket.write(first));
    socket.on('error', () => {});
    sockets.push(socket);
    if (opened % 100 === 0) await Bun.sleep(10);
  }
  return sockets;
}

const idle: Fault = {
  name: `${idleConnections.toLocaleString('en')} idle connections to the api`,
  topologies: apart,
  lastsMs: 8000,
  async inject(on) {
    const sockets = await openSockets(on, idleConnections, '');
    const open = () => sockets.filter(({ readyState }) => readyState === 'open').length;
    await until(() => open() === idleConnections, 20_000).catch(() => {
      throw new Error(`only ${open()} connections were taken`);
    });
    ends.set(on, async () => {
      for (const socket of sockets) socket.destroy();
    });
  },
  heal: end,
};

const trickled = (what: string, head: string): Fault => ({
  name: `${trickledRequests} ${what} that come byte by byte`,
  topologies: apart,
  lastsMs: 8000,
  async inject(on) {
    const sockets = await openSockets(on, trickledRequests, head);
    const timer = setInterval(() => {
      for (const socket of sockets) socket.write(' ');
    }, 1000);
    ends.set(on, async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    });
  },
  heal: end,
});

const loginHead = 'POST /api/auth/login HTTP/1.1\r\nhost: x\r\n';

export const workFaults: readonly Fault[] = [
  importKilled('before the first row', 0),
  importKilled('between two rows', 20),
  importKilled('near its end', importRows - 30),
  importKilled('after its last row', importRows),
  importLost,
  uploadCut,
  backup,
  migrationsKilled,
  idle,
  trickled('bodies', `${loginHead}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`),
  trickled('heads', `${loginHead}x-slow: `),
];
