import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '#shared/config.ts';
import type { Database } from '#shared/orm/database.ts';
import { verifyPassword } from '#shared/users/hash-password.ts';
import { databaseUrl, testDatabase } from './support/database.ts';
import { emptyTables } from './support/empty-tables.ts';
import { temporaryFolder } from './support/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'users'));

async function createAdmin(args: string[], { input = '', env = {} as Environment } = {}) {
  const child = Bun.spawn([process.execPath, join(root, 'scripts/create-admin.ts'), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl(database), ...env },
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}

const accounts = async () => (await database.pool.query('select email, role, password_hash from users')).rows;

describe('create-admin', () => {
  test('makes one of the settings', async () => {
    const env = { ADMIN_EMAIL: 'Boss@Example.org', ADMIN_PASSWORD: 'of the settings' };
    expect(await createAdmin([], { env })).toMatchObject({
      code: 0,
      out: 'boss@example.org is an administrator now.\n',
    });
    const [account] = await accounts();
    expect(account).toMatchObject({ email: 'boss@example.org', role: 'admin' });
    expect(await verifyPassword('of the settings', account.password_hash)).toBe(true);
  });

  test('takes the password from standard input, and a second time changes nothing', async () => {
    const args = ['--email', 'boss@example.org'];
    expect((await createAdmin(args, { input: 'from the pipe\n' })).code).toBe(0);
    const [account] = await accounts();
    expect(await verifyPassword('from the pipe', account.password_hash)).toBe(true);
    const again = await createAdmin(args, { input: 'another one\n' });
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('already')]);
    expect(await accounts()).toEqual([account]);
  });

  test('says what is wrong in a sentence, without repeating a password', async () => {
    for (const [args, input, sentence] of [
      [[], '', 'No email was given'],
      [['--email', 'nobody'], 'long enough\n', 'The email must be'],
      [['--email', 'boss@example.org'], 'short\n', 'The password must have 8 to 128'],
      [['--email', 'boss@example.org'], '', 'The password must have 8 to 128'],
      [['--email', 'boss@example.org', '--password', 'hunter2hunter2'], '', 'The only option is --email'],
    ] as const) {
      const { code, err, out } = await createAdmin([...args], { input });
      expect([code, err]).toEqual([1, expect.stringContaining(sentence)]);
      expect(err + out).not.toMatch(/ {4}at |short|hunter2/);
    }
    expect(await accounts()).toEqual([]);
  });

  test('starts the embedded database when nothing runs, and stops it again', async () => {
    await using folder = await temporaryFolder();
    const env = { DATABASE_URL: '', NEXUS_DATA_DIR: join(folder.path, 'data') };
    const args = ['--email', 'boss@example.org'];
    expect((await createAdmin(args, { env, input: 'from the pipe\n' })).code).toBe(0);
    expect(await Bun.file(join(env.NEXUS_DATA_DIR, 'postgres', 'postmaster.pid')).exists()).toBe(false);
    const again = await createAdmin(args, { env, input: 'from the pipe\n' });
    expect(again.out).toContain('already');
  });
});
