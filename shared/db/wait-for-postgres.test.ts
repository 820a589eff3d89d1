import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createServer, type Socket } from 'node:net';
import { databaseUrl, emptyDatabase, testDatabase } from '#tests/support/database.ts';
import { freePort } from '#tests/support/redis.ts';
import { ConfigError } from '../config.ts';
import { createLog } from '../log.ts';
import { type Database, migrateDatabase, openDatabase } from '../orm/database.ts';
import { waitForPostgres } from './wait-for-postgres.ts';

const log = createLog({ level: 'silent', name: 'test' });

/** What it ends with, or what is said first while it waits. */
async function saidOf(url: string): Promise<string> {
  const waiting = new AbortController();
  const said: string[] = [];
  try {
    const onWait = (sentence: string) => {
      said.push(sentence);
      waiting.abort();
    };
    await waitForPostgres(url, { log, signal: waiting.signal, onWait });
    return 'it is there';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    return said[0] ?? Bun.inspect(error);
  }
}

/** Something that listens, and greets or answers with these bytes. */
async function listener(answer: Buffer, greeting?: string): Promise<{ url: string } & AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}));
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', () => socket.write(answer));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `postgresql://owner:hunter2@127.0.0.1:${port}/nexus`,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

/** As PostgreSQL says that something is wrong, after "no" to TLS. */
function refusalBytes(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}

describe('a PostgreSQL that cannot be used is told with its reason', () => {
  test.each<[string, Buffer, string | undefined, string]>([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), undefined, 'no PostgreSQL.'],
    ['a mail server', Buffer.from('500 what?\r\n'), '220 mail.test ESMTP\r\n', 'no PostgreSQL.'],
    ['a Redis', Buffer.from('-ERR unknown command\r\n'), undefined, 'no PostgreSQL.'],
    [
      'a starting one',
      refusalBytes('57P03', 'the database system is starting up'),
      undefined,
      'it is starting',
    ],
    ['a full one', refusalBytes('53300', 'sorry, too many clients already'), undefined, 'no connection left'],
    [
      'one with a line too few',
      refusalBytes(
        '28000',
        'no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", SSL encryption',
      ),
      undefined,
      'has no line in pg_hba.conf',
    ],
    [
      'one that wants TLS',
      refusalBytes(
        '28000',
        'no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption',
      ),
      undefined,
      'add sslmode=verify-full',
    ],
    ['one without TLS', Buffer.from('N'), undefined, 'speaks no TLS'],
  ])('%s', async (what, answer, greeting, reason) => {
    await using there = await listener(answer, greeting);
    const said = await saidOf(what === 'one without TLS' ? `${there.url}?sslmode=verify-full` : there.url);
    expect(said).toContain(reason);
    expect(said).toContain('PostgreSQL at DATABASE_URL (127.0.0.1:');
    expect(said).not.toContain('hunter2');
    expect(said).not.toContain('\n');
  });

  test.each([
    ['postgresql://u:hunter2@no-such-host.invalid/d', /name of the host/],
    ['postgresql://u:hunter2@localhost/d?host=/no/such/folder', /no socket in that folder/],
    ['postgresql://u:hunter2@localhost/d?sslrootcert=/no/such/file', /names a file that cannot be read/],
  ])('%s', async (url, reason) => {
    expect(await saidOf(url)).toMatch(reason);
  });
});

describe('a real one', () => {
  let database: Database;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test('whose role has no connection left is waited for', async () => {
    const role = `limited_${process.pid}`;
    await database.pool.query(`create role ${role} login connection limit 0`);
    const url = databaseUrl(database).replace(/\/\/[^@]*@/, `//${role}@`);
    expect(await saidOf(url)).toContain('no connection left');
    await database.pool.query(`drop role ${role}`);
  });

  test('that takes no writes says so in place of a schema', async () => {
    await using empty = await emptyDatabase();
    const name = String(empty.clientConfig.database);
    await database.pool.query(`alter database ${name} set default_transaction_read_only = on`);
    await using readOnly = await openDatabase({ url: databaseUrl(empty) });
    await expect(migrateDatabase(readOnly)).rejects.toThrow(
      new ConfigError(
        'PostgreSQL at DATABASE_URL takes no writes: it is a standby, or default_transaction_read_only is on. Name the server that takes them.',
      ),
    );
  });
});
