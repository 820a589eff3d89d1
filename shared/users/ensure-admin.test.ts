import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { until } from '#tests/support/until.ts';
import { ensureAdmin, ensureFirstAdmin } from './ensure-admin.ts';
import { hashPassword, verifyPassword } from './hash-password.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'users'));

const boss = { email: 'boss@example.org', password: 'the real password' };
const accounts = async () =>
  (await database.pool.query('select id, name, email, role, password_hash from users order by created_at'))
    .rows;
const sessions = async () => (await database.pool.query('select user_id from sessions')).rows;

async function register(email: string, password: string): Promise<string> {
  const id = Bun.randomUUIDv7();
  await database.pool.query(
    "insert into users (id, name, email, password_hash) values ($1, 'Squatter', $2, $3)",
    [id, email, await hashPassword(password)],
  );
  const session = Bun.randomUUIDv7();
  await database.pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [session, id],
  );
  await database.pool.query(
    "insert into refresh_tokens (token_hash, session_id, expires_at) values ('x', $1, now() + interval '1 day')",
    [session],
  );
  return id;
}

test('where there is no account it is made, and its password signs in', async () => {
  expect(await ensureAdmin(database.pool, boss)).toBe('created');
  const [account] = await accounts();
  expect(account).toMatchObject({ email: boss.email, role: 'admin' });
  expect(await verifyPassword(boss.password, account.password_hash)).toBe(true);
});

test('who registered the email first gains nothing: their password and their sessions are gone', async () => {
  const id = await register(boss.email, 'the squatter’s own');
  expect(await ensureAdmin(database.pool, boss)).toBe('promoted');
  const [account] = await accounts();
  expect(account).toMatchObject({ id, role: 'admin' });
  expect(await verifyPassword('the squatter’s own', account.password_hash)).toBe(false);
  expect(await verifyPassword(boss.password, account.password_hash)).toBe(true);
  expect(await sessions()).toEqual([]);
  expect((await database.pool.query('select 1 from refresh_tokens')).rows).toEqual([]);
});

test('who registered the email first keeps no link, no second factor and no known network, and no lock stays', async () => {
  const id = await register(boss.email, 'the squatter’s own');
  const { pool } = database;
  await pool.query('update users set locked_at = now() where id = $1', [id]);
  await pool.query(
    "insert into password_resets (token_hash, user_id, expires_at) values ('x', $1, now() + interval '1 hour')",
    [id],
  );
  await pool.query("insert into user_totp (user_id, secret, confirmed_at) values ($1, 'A', now())", [id]);
  await pool.query("insert into totp_recovery_codes (code_hash, user_id) values ('x', $1)", [id]);
  await pool.query("insert into login_networks (user_id, network) values ($1, '203.0.113.0/24')", [id]);
  expect(await ensureAdmin(pool, boss)).toBe('promoted');
  const { rows } = await pool.query('select locked_at from users where id = $1', [id]);
  expect(rows).toEqual([{ locked_at: null }]);
  for (const table of ['password_resets', 'user_totp', 'totp_recovery_codes', 'login_networks'])
    expect({ table, rows: (await pool.query(`select 1 from ${table}`)).rows }).toEqual({ table, rows: [] });
});

test('other accounts and their sessions stay as they are', async () => {
  const id = await register('other@example.org', 'something else');
  await ensureAdmin(database.pool, boss);
  expect((await accounts())[0]).toMatchObject({ id, role: 'user' });
  expect(await sessions()).toEqual([{ user_id: id }]);
});

test('an administrator is left alone: a later password is never reset, a session never ended', async () => {
  await ensureAdmin(database.pool, boss);
  const [before] = await accounts();
  await database.pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [Bun.randomUUIDv7(), before.id],
  );
  expect(await ensureAdmin(database.pool, { ...boss, password: 'another password' })).toBe(
    'already an admin',
  );
  expect(await accounts()).toEqual([before]);
  expect(await sessions()).toHaveLength(1);
});

test('a login that is under way with the old password while it is taken over ends up without a session', async () => {
  const id = await register(boss.email, 'the squatter’s own');
  const login = await database.pool.connect();
  await login.query('begin');
  await login.query('select 1 from users where id = $1 for share', [id]);
  const ensured = ensureAdmin(database.pool, boss);
  await until(async () => {
    const { rows } = await database.pool.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });
  await login.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [Bun.randomUUIDv7(), id],
  );
  await login.query('commit');
  login.release();
  expect(await ensured).toBe('promoted');
  expect(await sessions()).toEqual([]);
});

test('processes that start at the same moment make one', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => ensureAdmin(database.pool, boss)));
  expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already an admin')).toHaveLength(7);
  expect(await accounts()).toHaveLength(1);
});

test('the first administrator is made only where there is none at all', async () => {
  const first = { email: 'admin@nexus.localhost', password: 'generated' };
  expect(await ensureFirstAdmin(database.pool, first)).toBe('created');
  expect(await ensureFirstAdmin(database.pool, { ...first, email: 'x@example.org' })).toBeUndefined();
  expect(await accounts()).toHaveLength(1);
});
