import type { Pool } from 'pg';
import { createAccessTokens } from '#api/auth/access-tokens.ts';
import { crowdUserId } from '../neighbours/fill-crowd.ts';

/** As the bench's api has it. */
const secret = 'the secret of a bench, long enough';

/** Signs the first users of the crowd in. @returns their access tokens */
export async function openCallers(pool: Pool, count: number): Promise<string[]> {
  const tokens = createAccessTokens({ secret, previousSecret: undefined, now: Date.now });
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const [userId, sessionId] = [crowdUserId(n), Bun.randomUUIDv7()];
      await pool.query(
        "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
        [sessionId, userId],
      );
      return tokens.sign({ userId, sessionId });
    }),
  );
}
