import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '#shared/orm/database.ts';
import { type Amount, inventUsers } from '../recommendations/invent-interactions.ts';
import { withClient } from '../write/copy.ts';

const batchChars = 2 ** 20;
const newestSeconds = 1_790_000_000;

/** Invented movies, and users with their interactions. @returns how many interactions */
export async function fillCrowd(
  { clientConfig }: Pick<Database, 'clientConfig'>,
  amount: Amount,
  say: (line: string) => void,
): Promise<number> {
  return withClient({ ...clientConfig, statement_timeout: 0 }, async (client) => {
    await client.query("set session_replication_role = replica; set maintenance_work_mem = '512MB'");
    await client.query(`
      insert into movies (id, tmdb_id, title, state) overriding system value
      select id, id, 'Movie ' || id, 'detailed' from generate_series(1, ${amount.movies}) id`);
    // A worker may add movies to these.
    await client.query("select setval(pg_get_serial_sequence('movies', 'id'), $1)", [amount.movies]);
    const interactions = await copyCrowd(client, amount);
    say(`${interactions} rows copied`);
    await client.query('vacuum analyze user_movie_interactions, users, movies');
    return interactions;
  });
}

export const crowdUserId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/**
 * Users with their interactions of the movies 1 and up, by COPY. Triggers and foreign keys are off for this client, and
 * the indexes are made at the end: what would check them was made for them. @returns how many interactions
 */
export async function copyCrowd(client: pg.Client, amount: Amount): Promise<number> {
  await client.query(`
    insert into users (id, name, email, password_hash, created_at)
    select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Somebody', n || '@example.org', 'none', '2026-01-01'
    from generate_series(0, ${amount.users - 1}) n`);
  const rebuildIndexes = await dropIndexes(client);
  let interactions = 0;
  await copyLines(
    client,
    interactionLines(amount, () => interactions++),
  );
  await rebuildIndexes();
  return interactions;
}

function* interactionLines(amount: Amount, count: () => void): Generator<string> {
  let user = 0;
  for (const { movieIds, liked } of inventUsers(amount)) {
    const id = crowdUserId(user++);
    let lines = '';
    for (let n = 0; n < movieIds.length; n++) {
      const at = new Date((newestSeconds - (movieIds.length - n) * 3600) * 1000).toISOString();
      lines += `${id}\t${movieIds[n]}\t${liked[n] === 1 ? 'liked' : 'watched'}\t${at}\n`;
      count();
    }
    yield lines;
  }
}

async function copyLines(client: pg.Client, lines: Iterable<string>): Promise<void> {
  const copy = client.query(
    copyFrom('copy user_movie_interactions (user_id, movie_id, interaction_type, created_at) from stdin'),
  );
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < batchChars) continue;
    if (!copy.write(batch)) await once(copy, 'drain');
    batch = '';
  }
  copy.end(batch);
  await finished(copy);
}

/** All but the primary key's. @returns what makes them again */
async function dropIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; made: string }>(`
    select indexname as name, indexdef as made from pg_indexes
    where tablename = 'user_movie_interactions' and indexname not like '%pkey'`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async () => {
    for (const { made } of rows) await client.query(made);
  };
}
