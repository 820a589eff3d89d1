import { connect, type Socket } from 'node:net';
import { startProgram, temporaryFolder } from '#tests/support/program.ts';
import { until } from '#tests/support/until.ts';
import type { Fault } from '../fault.ts';
import type { Installation, Topology } from '../installation.ts';

const apart: readonly Topology[] = ['postgres', 'redis'];
const importRows = 150;
const idleConnections = 4000;
const trickledBodies = 200;

/** What one injection leaves for its end. */
const ends = new WeakMap<Installation, () => Promise<unknown>>();
const end = (on: Installation) => ends.get(on)?.();

/** A file of movies from the far end of the catalogue: most have to be asked for at TMDb. */
async function sendImport(on: Installation): Promise<string> {
  const { headers } = await on.account();
  const { catalogue } = on.sandbox;
  const rows = Array.from({ length: importRows }, (_, at) =>
    catalogue.row(catalogue.idAt(catalogue.size - 1 - at)),
  );
  const lines = rows.map(
    (row) => `2024-01-01,"${row?.title.replaceAll('"', '""')}",${row?.release_date?.slice(0, 4) ?? ''},`,
  );
  const answer = await fetch(`${on.url}/api/user/import?source=letterboxd`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/csv' },
    body: `Date,Name,Year,Letterboxd URI\n${lines.join('\n')}\n`,
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

/** The worker is killed as soon as so many rows are settled. */
const importKilled = (stage: string, atRows: number): Fault => ({
  name: `kill -9 of the worker during an import, ${stage}`,
  topologies: apart,
  lastsMs: 500,
  async inject(on) {
    const id = await sendImport(on);
    await until(async () => (await settledOf(on, id)) >= atRows, 30_000);
    on.program('worker').kill('SIGKILL');
    ends.set(on, async () => {
      await on.program('worker').exited;
      on.startAgain('worker');
      const status = async () =>
        (await on.rows<{ status: string }>('select status from user_imports where id = $1', id))[0]?.status;
      await until(async () => (await status()) === 'succeeded', 60_000);
      const settled = await settledOf(on, id);
      if (settled !== importRows) throw new Error(`${settled} of ${importRows} rows are settled`);
    });
  },
  heal: end,
});

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
    const before = await on.rows<{ n: number }>('select count(*)::int as n from user_movie_interactions');
    await run('scripts/backup.ts', { DATABASE_URL: on.databaseUrl() }, [file]);
    const name = `restored_${Date.now()}`;
    await on.rows(`create database ${name}`);
    const into = { DATABASE_URL: on.databaseUrl(name) };
    await run('scripts/migrate.ts', into, []);
    await run('scripts/restore.ts', into, [file]);
    const after = await on.countIn(name, 'user_movie_interactions');
    if (after < (before[0]?.n ?? 0))
      throw new Error(`${after} of ${before[0]?.n} interactions were restored`);
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
    if ((await on.countIn(name, 'migrations')) === 0) throw new Error('no migration ran');
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
  topologies: ['postgres'],
  lastsMs: 8000,
  async inject(on) {
    const sockets = await openSockets(on, idleConnections, '');
    ends.set(on, async () => {
      for (const socket of sockets) socket.destroy();
    });
  },
  heal: end,
};

const trickled: Fault = {
  name: `${trickledBodies} bodies that come byte by byte`,
  topologies: ['postgres'],
  lastsMs: 8000,
  async inject(on) {
    const head =
      'POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{';
    const sockets = await openSockets(on, trickledBodies, head);
    const timer = setInterval(() => {
      for (const socket of sockets) socket.write(' ');
    }, 1000);
    ends.set(on, async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    });
  },
  heal: end,
};

export const workFaults: readonly Fault[] = [
  importKilled('before the first row', 0),
  importKilled('between two rows', 20),
  importKilled('near its end', importRows - 30),
  backup,
  migrationsKilled,
  idle,
  trickled,
];
