import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl, emptyDatabase, testDatabase } from './support/database.ts';
import { isReady } from './support/is-ready.ts';
import { postgresAtPort } from './support/postgres-at-port.ts';
import { startProgram, temporaryFolder } from './support/program.ts';
import { freePort, hasRedis, testRedis } from './support/redis.ts';
import { until } from './support/until.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const secret = 'a secret of this test, long enough';
const urlAt = (port: number, name = String(database.clientConfig.database)) =>
  `postgresql://${database.clientConfig.user}@127.0.0.1:${port}/${name}`;

describe('a process that starts before its stores', () => {
  test('says once in a while what it waits for, and serves when it is there', async () => {
    const [pgPort, apiPort] = [await freePort(), await freePort()];
    await using api = startProgram('api/main.ts', {
      DATABASE_URL: urlAt(pgPort),
      JWT_SECRET: secret,
      PORT: String(apiPort),
    });
    await until(() => api.output().includes('Waiting for PostgreSQL'));
    expect(api.output()).toContain(
      `Waiting for PostgreSQL at DATABASE_URL (127.0.0.1:${pgPort}): nothing listens there yet.`,
    );
    expect(api.output()).not.toContain('at processTicksAndRejections');
    await using _up = await postgresAtPort(database, pgPort);
    await until(() => isReady(`http://127.0.0.1:${apiPort}`));
  }, 60_000);

  test('ends at once with a signal while it waits', async () => {
    for (const script of ['api/main.ts', 'worker/main.ts', 'scripts/migrate.ts']) {
      await using program = startProgram(script, {
        DATABASE_URL: urlAt(await freePort()),
        JWT_SECRET: secret,
      });
      await until(() => program.output().includes('Waiting for PostgreSQL'));
      program.kill('SIGTERM');
      expect(await program.exited).toBe(0);
    }
  }, 60_000);

  test('does not wait for what waiting cannot heal', async () => {
    const port = await freePort();
    await using _up = await postgresAtPort(database, port);
    await using program = startProgram('scripts/migrate.ts', {
      DATABASE_URL: urlAt(port, 'no_such_database'),
    });
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain('has no such database');
    expect(program.output()).not.toContain('    at ');
  }, 60_000);

  test('refuses a PostgreSQL that is too old in one sentence', async () => {
    const port = await freePort();
    const older = (bytes: Buffer) =>
      Buffer.from(bytes.toString('latin1').replace(/1[89]00\d\d/, '160009'), 'latin1');
    await using _up = await postgresAtPort(database, port, older);
    await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: urlAt(port) });
    expect(await program.exited).toBe(1);
    expect(program.output()).toBe(
      `PostgreSQL at DATABASE_URL (127.0.0.1:${port}) is version 16: it must be 17 or newer.\n`,
    );
  }, 60_000);

  test('refuses a database in another encoding than UTF-8 in one sentence', async () => {
    const name = `ascii_${process.pid}`;
    await database.pool.query(
      `create database ${name} encoding 'SQL_ASCII' template template0 locale_provider libc locale 'C'`,
    );
    try {
      const url = databaseUrl(database).replace(/\/[^/?]+\?/, `/${name}?`);
      await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: url });
      expect(await program.exited).toBe(1);
      expect(program.output()).toMatch(
        /^PostgreSQL at DATABASE_URL \S+ stores text as SQL_ASCII: it must be UTF8\.[^\n]+\n$/,
      );
    } finally {
      await database.pool.query(`drop database ${name} with (force)`);
    }
  }, 60_000);

  test('says in one sentence that PostgreSQL has no connection left', async () => {
    const role = `few_${process.pid}`;
    await using own = await testDatabase();
    await own.pool.query(`create role ${role} login connection limit 3 in role ${own.clientConfig.user}`);
    await using folder = await temporaryFolder();
    try {
      await using program = startProgram('scripts/start.ts', {
        DATABASE_URL: databaseUrl(own).replace(/\/\/[^@]*@/, `//${role}:hidden@`),
        JWT_SECRET: secret,
        NEXUS_DATA_DIR: folder.path,
        PORT: String(await freePort()),
        LOG_LEVEL: 'silent',
      });
      expect(await program.exited).toBe(1);
      expect(program.output()).toContain('\nPostgreSQL has no connection left (max_connections,');
      expect(program.output()).not.toContain('    at ');
      expect(program.output()).not.toContain('hidden');
    } finally {
      await database.pool.query(`drop owned by ${role}`);
      await database.pool.query(`drop role ${role}`);
    }
  }, 60_000);

  test('says in one sentence what a role without rights is refused', async () => {
    await using empty = await emptyDatabase();
    const role = `guest_${process.pid}`;
    const url = databaseUrl(empty).replace(/\/\/[^@]*@/, `//${role}:hidden@`);
    const refused = async () => {
      await using program = startProgram('scripts/migrate.ts', { DATABASE_URL: url });
      return { code: await program.exited, output: program.output() };
    };
    await empty.pool.query(`create role ${role} login`);
    try {
      expect(await refused()).toEqual({
        code: 1,
        output: expect.stringMatching(/^The schema cannot be created: permission denied [^\n]+\n$/),
      });
      await empty.pool.query(`revoke connect on database ${empty.clientConfig.database} from public`);
      expect(await refused()).toEqual({
        code: 1,
        output: expect.stringMatching(/^PostgreSQL at DATABASE_URL [^\n]+ connect\.\n$/),
      });
    } finally {
      await empty.pool.query(`drop role ${role}`);
    }
  }, 60_000);

  test.skipIf(!hasRedis)(
    'waits for Redis the same way',
    async () => {
      const [pgPort, redisPort, apiPort] = [await freePort(), await freePort(), await freePort()];
      await using _up = await postgresAtPort(database, pgPort);
      await using api = startProgram('api/main.ts', {
        DATABASE_URL: urlAt(pgPort),
        REDIS_URL: `redis://user:hidden@127.0.0.1:${redisPort}`,
        JWT_SECRET: secret,
        PORT: String(apiPort),
      });
      await until(() => api.output().includes('Waiting for Redis at REDIS_URL'));
      expect(api.output()).not.toContain('hidden');
      api.kill('SIGTERM');
      expect(await api.exited).toBe(0);

      await using again = startProgram('api/main.ts', {
        DATABASE_URL: urlAt(pgPort),
        REDIS_URL: `redis://127.0.0.1:${redisPort}`,
        JWT_SECRET: secret,
        PORT: String(apiPort),
      });
      await until(() => again.output().includes('Waiting for Redis'));
      await using _redis = await testRedis(redisPort);
      const ready = () =>
        fetch(`http://127.0.0.1:${apiPort}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        );
      await until(ready);
    },
    90_000,
  );
});

describe('an end', () => {
  test('what breaks while it closes is told, and is no failure of what it did', async () => {
    await using folder = await temporaryFolder();
    const script = join(folder.path, 'closing.ts');
    await Bun.write(
      script,
      `import { runProgram } from ${JSON.stringify(fileURLToPath(new URL('../shared/program.ts', import.meta.url)))};
      await runProgram({
        async open() {
          console.log('open');
          return {
            graceMs: 5000,
            async [Symbol.asyncDispose]() {
              void Promise.reject(new Error('of nobody'));
              await Bun.sleep(1);
              throw new Error('the store went first');
            },
          };
        },
      });`,
    );
    await using program = startProgram(script, {});
    await until(() => program.output().includes('open'));
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    await until(() => program.output().includes('the store went first'));
    expect(program.output()).toContain('of nobody');
  }, 120_000);

  test('a second signal ends at once, whatever is still open', async () => {
    const port = await freePort();
    await using _up = await postgresAtPort(database, port);
    const apiPort = await freePort();
    await using api = startProgram('api/main.ts', {
      DATABASE_URL: urlAt(port),
      JWT_SECRET: secret,
      PORT: String(apiPort),
      SHUTDOWN_GRACE_MS: '60000',
    });
    await until(() => api.output().includes('the API is up'));
    // A request that never ends its body holds the first end up.
    const socket = connect(apiPort, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await until(async () => (await fetch(`http://127.0.0.1:${apiPort}/health/live`)).ok);
    api.kill('SIGTERM');
    await until(() => api.output().includes('stopping'));
    api.kill('SIGTERM');
    expect(await api.exited).toBe(130);
    socket.destroy();
  }, 60_000);
});
