import type { Pool } from 'pg';
import { z } from 'zod';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl } from '#tests/support/database.ts';
import { putUser } from '#tests/support/put-user.ts';
import type { BenchRow } from '../bench.ts';
import { startChildProgram } from '../child-program.ts';
import { percentile } from '../statistics.ts';

const secret = 'the secret of a bench, long enough';
const users = 16;

interface Caller {
  userId: string;
  headers: { authorization: string };
}

/**
 * How long a list takes for those with long histories, computed and ready, beside a read of one row by its key through
 * the same stack by the same callers.
 */
export async function measureLatency(
  database: Database,
  options: { interactions: number; reads: number },
): Promise<BenchRow[]> {
  const { pool } = database;
  const env = { DATABASE_URL: databaseUrl(database) };
  await using warm = await startChildProgram('./reads/api-server.ts', env);
  await using cold = await startChildProgram('./reads/api-server.ts', { ...env, CACHE: 'off' });
  const callers: Caller[] = [];
  for (let n = 0; n < users; n++) callers.push(await openCaller(pool, options.interactions));
  const { rows } = await pool.query<{ tmdb_id: number }>(
    "select tmdb_id from movies where state = 'detailed' order by hashint4(tmdb_id) limit 500",
  );
  const keyed = (n: number) => `${cold.ready}/api/movies/${rows[n % rows.length]?.tmdb_id}`;
  const list = () => `${warm.ready}/api/user/recommendations`;
  const outdate = async ({ userId }: Caller) => {
    await pool.query('update users set taste_version = taste_version + 1 where id = $1', [userId]);
  };
  const measured: BenchRow[] = [];
  for (const atOnce of [1, users]) {
    const run = (url: (n: number) => string, before?: typeof outdate) =>
      p95Of({ callers: callers.slice(0, atOnce), reads: options.reads, url, before });
    // The first round prepares statements and fills what is kept at hand.
    await run(list, outdate);
    await run(keyed);
    const key = await run(keyed);
    const row = (what: string, ms: number, times: number): BenchRow => ({
      what: `${what}, ${atOnce} at once: p95`,
      measured: ms,
      unit: 'ms',
      limit: key,
      limitIs: 'one row by key',
      target: `≤ ${times} ×`,
      met: ms <= times * key,
      note: `${options.interactions} interactions each`,
    });
    measured.push(row('list computed', await run(list, outdate), 25));
    measured.push(row('list ready', await run(list), 2));
  }
  return measured;
}

interface Load {
  callers: Caller[];
  reads: number;
  url: (n: number) => string;
  before?: ((caller: Caller) => Promise<void>) | undefined;
}

async function p95Of({ callers, reads, url, before }: Load): Promise<number> {
  const times: number[] = [];
  const each = Math.ceil(reads / callers.length);
  await Promise.all(
    callers.map(async (caller, c) => {
      for (let n = 0; n < each; n++) {
        await before?.(caller);
        const startedAt = performance.now();
        const answer = await fetch(url(c * each + n), { headers: caller.headers });
        await answer.bytes();
        if (!answer.ok) throw new Error(`${url(0)} answered ${answer.status}`);
        times.push(performance.now() - startedAt);
      }
    }),
  );
  return percentile(Float64Array.from(times), 0.95);
}

/** Somebody with a long history of the better known movies, the half of them liked. */
async function openCaller(pool: Pool, interactions: number): Promise<Caller> {
  const userId = await putUser(pool);
  const sessionId = Bun.randomUUIDv7();
  await pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
    [sessionId, userId],
  );
  await pool.query(
    `insert into user_movie_interactions (user_id, movie_id, interaction_type, created_at)
     select $1::uuid, id, case when n % 2 = 0 then 'liked' else 'watched' end, now() - n * interval '1 hour'
     from (
       select id, row_number() over (order by hashtext(id::text || $1::text)) as n
       from (select id from movies where state = 'detailed' order by vote_count desc nulls last limit $2 * 2) known
     ) shuffled where n <= $2`,
    [userId, interactions],
  );
  const tokens = createAccessTokens({ secret, previousSecret: undefined, now: Date.now });
  const token = z.string().parse(await tokens.sign({ userId, sessionId }));
  return { userId, headers: { authorization: `Bearer ${token}` } };
}
