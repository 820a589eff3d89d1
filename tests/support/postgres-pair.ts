import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { choosePostgresAccount, giveTo, giveTreeTo } from '#shared/embedded/postgres-account.ts';
import { findPostgresBinaries } from '#shared/embedded/postgres-binaries.ts';
import { runCommand } from '#shared/embedded/run-command.ts';
import { childrenOf } from './children-of.ts';
import { temporaryFolder } from './program.ts';
import { freePort } from './redis.ts';
import { until } from './until.ts';

export interface PostgresServer {
  port: number;
  /** Past all else, as its superuser. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** It and all its processes, with no goodbye. */
  kill(): Promise<void>;
}

/** Two servers, the second of which has each commit of the first before it is acknowledged. */
export interface PostgresPair extends AsyncDisposable {
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  user: string;
  url(database?: string): string;
  /** What an operator, or Patroni, does when the primary is gone. */
  promote(): Promise<void>;
  /** A new standby of what is now the primary, in the place of the killed one. */
  replaceStandby(): Promise<void>;
}

const user = 'nexus';

export async function openPostgresPair(): Promise<PostgresPair> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const servers = stack.use(new AsyncDisposableStack());
  const binaries = await findPostgresBinaries();
  const account = await choosePostgresAccount(folder.path, join(folder.path, 'a'), binaries.postgres);
  await giveTo(account, folder.path);
  const own = (...command: string[]) => runCommand([...account.prefix, ...command]);
  const ports = { a: await freePort(), b: await freePort() };
  type Name = keyof typeof ports;
  const dirOf = (name: Name) => join(folder.path, name);

  const start = async (name: Name): Promise<PostgresServer> => {
    const settings = {
      port: ports[name],
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      wal_level: 'replica',
      wal_keep_size: '512MB',
      max_connections: 100,
      shared_buffers: '32MB',
      fsync: 'off',
      timezone: 'UTC',
    };
    const given = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const child = Bun.spawn([...account.prefix, binaries.postgres, '-D', dirOf(name), ...given], {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
      stdout: 'ignore',
      stderr: Bun.file(join(folder.path, `${name}.log`)),
    });
    const kill = async () => {
      for (const pid of [child.pid, ...childrenOf(child.pid)]) end(pid);
      await child.exited;
    };
    servers.defer(kill);
    const query: PostgresServer['query'] = async (text, values = []) => {
      const client = new pg.Client({ host: '127.0.0.1', port: ports[name], user, database: 'postgres' });
      client.on('error', () => {});
      try {
        await client.connect();
        return (await client.query(text, values)).rows;
      } finally {
        await client.end().catch(() => {});
      }
    };
    await until(
      () =>
        query('select 1').then(
          () => true,
          () => false,
        ),
      20_000,
    );
    return { port: ports[name], query, kill };
  };

  /** The embedded PostgreSQL comes without `pg_basebackup`. */
  const copy = async (from: PostgresServer, fromName: Name, name: Name): Promise<PostgresServer> => {
    const client = new pg.Client({ host: '127.0.0.1', port: from.port, user, database: 'postgres' });
    await client.connect();
    await client.query("select pg_backup_start('standby', true)");
    await rm(dirOf(name), { recursive: true, force: true });
    await runCommand(['cp', '-a', dirOf(fromName), dirOf(name)]);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await client.end();
    for (const left of ['postmaster.pid', 'postmaster.opts'])
      await rm(join(dirOf(name), left), { force: true });
    const source = `host=127.0.0.1 port=${from.port} user=${user} application_name=standby`;
    const files = {
      backup_label: rows[0]?.labelfile ?? '',
      'standby.signal': '',
      'postgresql.auto.conf': `primary_conninfo = '${source}'\n`,
    };
    for (const [file, text] of Object.entries(files)) {
      await writeFile(join(dirOf(name), file), text, { mode: 0o600 });
      await giveTo(account, join(dirOf(name), file));
    }
    const server = await start(name);
    await from.query("alter system set synchronous_standby_names = 'standby'");
    await from.query('select pg_reload_conf()');
    const isSynchronous = async () =>
      (await from.query("select 1 from pg_stat_replication where sync_state = 'sync'")).length > 0;
    await until(isSynchronous, 20_000);
    return server;
  };

  await mkdir(dirOf('a'), { mode: 0o700 });
  await giveTreeTo(account, dirOf('a'));
  await giveTo(account, dirOf('a'));
  const made = await own(
    binaries.initdb,
    '-D',
    dirOf('a'),
    `--username=${user}`,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--no-sync',
  );
  if (!made.ok) throw new Error(made.output);
  await appendFile(join(dirOf('a'), 'pg_hba.conf'), 'host replication all 127.0.0.1/32 trust\n');
  let names: [primary: Name, standby: Name] = ['a', 'b'];
  let primary = await start('a');
  await primary.query(`create database ${user}`);
  let standby = await copy(primary, 'a', 'b');
  const owned = stack.move();
  return {
    get primary() {
      return primary;
    },
    get standby() {
      return standby;
    },
    user,
    url: (database = user) => `postgresql://${user}@127.0.0.1:${ports.a},127.0.0.1:${ports.b}/${database}`,
    async promote() {
      await standby.query('select pg_promote(true, 20)');
      [primary, standby] = [standby, primary];
      names = [names[1], names[0]];
    },
    async replaceStandby() {
      standby = await copy(primary, ...names);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
