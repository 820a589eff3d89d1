import pg from 'pg';
import { type AppRole, ConfigError } from '../config.ts';
import { WatchedClient } from '../db/watched-client.ts';

/**
 * Makes the ordinary role that api and worker connect as, or gives it this password, and lets it work with every
 * table: read, write and empty, but neither alter nor drop, nor make new ones. Run as the owner, after migrations.
 */
export async function grantAppRole(clientConfig: pg.ClientConfig, role: AppRole): Promise<void> {
  const client = new WatchedClient(clientConfig);
  await client.connect();
  try {
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('nexus app role'))");
    const { rows } = await client.query(
      `select rolsuper or rolname = current_user as is_own from pg_roles where rolname = $1`,
      [role.user],
    );
    if (rows[0]?.is_own === true)
      throw new ConfigError(`DATABASE_APP_USER is an owner or superuser: it must be an ordinary role.`);
    const user = pg.escapeIdentifier(role.user);
    const verb = rows.length === 0 ? 'create' : 'alter';
    await client.query(`${verb} role ${user} with login password ${pg.escapeLiteral(role.password)}`);
    for (const statement of grantsTo(user)) await client.query(statement);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** Future tables are granted by the run of `migrate` that makes them. `bullmq` is the queue's, where there is no Redis. */
const grantsTo = (user: string) =>
  ['public', 'bullmq'].flatMap((schema) => [
    `grant usage on schema ${schema} to ${user}`,
    `grant select, insert, update, delete, truncate on all tables in schema ${schema} to ${user}`,
    `grant usage, select, update on all sequences in schema ${schema} to ${user}`,
    `grant execute on all functions in schema ${schema} to ${user}`,
  ]);
