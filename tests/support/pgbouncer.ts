import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { neededProgram } from './needed-program.ts';
import { temporaryFolder } from './program.ts';
import { freePort } from './redis.ts';
import { until } from './until.ts';

const program = neededProgram({
  names: ['pgbouncer', '/usr/sbin/pgbouncer'],
  requiredBy: 'REQUIRE_PGBOUNCER',
  loss: 'NOTHING IS TRIED BEHIND A POOLER',
});

export const hasPgbouncer = program !== null;

export interface TestPgbouncer extends AsyncDisposable {
  url(database: string): string;
}

/** A pooler in front of a PostgreSQL. */
export async function openPgbouncer(
  to: { host: string; port: number; user: string },
  settings: Record<string, string | number>,
): Promise<TestPgbouncer> {
  if (program === null) throw new Error('no pgbouncer');
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const port = await freePort();
  const lines = Object.entries({
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  const target = `* = host=${to.host} port=${to.port} user=${to.user}`;
  const file = join(folder.path, 'pgbouncer.ini');
  await writeFile(file, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
  // It does not run as root. It reads its file before it becomes nobody, and must open none after that: no log file.
  const isRoot = process.geteuid?.() === 0;
  const child = Bun.spawn([program, ...(isRoot ? ['-u', 'nobody'] : []), file], {
    stdout: 'ignore',
    stderr: 'ignore',
  });
  stack.defer(async () => {
    child.kill('SIGKILL');
    await child.exited;
  });
  const url = (database: string) => `postgresql://${to.user}@127.0.0.1:${port}/${database}`;
  await until(async () => {
    const client = new pg.Client({ connectionString: url('postgres') });
    client.on('error', () => {});
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  }, 10_000);
  const owned = stack.move();
  return { url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
