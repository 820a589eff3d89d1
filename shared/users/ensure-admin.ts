import type { Pool, PoolClient } from 'pg';
import type { AdminCredentials } from '../credentials.ts';
import { runStatement } from '../db/run-statement.ts';
import { raw, sql } from '../db/sql.ts';
import { hashPassword } from './hash-password.ts';

export type AdminOutcome = 'created' | 'promoted' | 'already an admin';

/**
 * Makes the account of this email an administrator. An existing account gets the new password and loses its sessions,
 * its links for a new password and its second factor, so that the person who registered it has no way in, and keeps
 * nobody out. An administrator is left unchanged.
 * Safe to run from many processes at once.
 */
export async function ensureAdmin(pool: Pool, { email, password }: AdminCredentials): Promise<AdminOutcome> {
  // Spares every later start the hashing; what counts is decided below.
  const [there] = await runStatement(
    pool,
    sql<{ role: string }>`select role from users where email = ${email}`,
  );
  if (there?.role === 'admin') return 'already an admin';
  const hash = await hashPassword(password);
  const client = await pool.connect();
  // A connection that breaks emits an error. Without a listener, that would end the process.
  client.on('error', onLost);
  try {
    await client.query('begin');
    const outcome = await takeOver(client, email, hash);
    await client.query('commit');
    client.off('error', onLost);
    client.release();
    return outcome;
  } catch (error) {
    // The connection goes, and with it whatever was begun.
    client.release(true);
    throw error;
  }
}

const onLost = () => {};

/** What lets somebody into an account, or is asked for there. */
const waysIn = ['sessions', 'password_resets', 'totp_recovery_codes', 'user_totp', 'login_networks'];

async function takeOver(client: PoolClient, email: string, hash: string): Promise<AdminOutcome> {
  const id = Bun.randomUUIDv7();
  const [made] = await runStatement(
    client,
    sql<{ id: string }>`
      insert into users (id, name, email, password_hash, role) values (${id}, 'Administrator', ${email}, ${hash}, 'admin')
      on conflict (email) do update set role = 'admin', password_hash = excluded.password_hash, locked_at = null
        where users.role <> 'admin'
      returning id`,
  );
  if (made === undefined) return 'already an admin';
  // Statements of their own, after the row is locked: they see everything that was opened before.
  for (const table of waysIn)
    await runStatement(client, sql`delete from ${raw(table)} where user_id = ${made.id}`);
  return made.id === id ? 'created' : 'promoted';
}

/** Where nobody is an administrator yet: what `ensureAdmin` does; else `undefined`, and nothing is changed. */
export async function ensureFirstAdmin(
  pool: Pool,
  credentials: AdminCredentials,
): Promise<AdminOutcome | undefined> {
  const { rows } = await pool.query("select 1 from users where role = 'admin' limit 1");
  return rows.length > 0 ? undefined : ensureAdmin(pool, credentials);
}
