import type { Pool } from 'pg';

/** A user with whom nobody can sign in. @returns the id */
export async function putUser(pool: Pool): Promise<string> {
  const id = Bun.randomUUIDv7();
  await pool.query("insert into users (id, name, email, password_hash) values ($1, 'Somebody', $2, 'none')", [
    id,
    `${id}@example.org`,
  ]);
  return id;
}
