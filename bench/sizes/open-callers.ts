import type { Pool } from 'pg';
import { createAccessTokens } from '#api/auth/access-tokens.ts';

/** As the bench's api has it. */
const secret = 'the secret of a bench, long enough';
/** As long as their sessions: a bench may take longer than an access token is good for. */
const dayMs = 86_400_000;

/** Signs users in without their passwords: hashes are not what is measured. @returns their access tokens */
export async function openCallers(pool: Pool, userIds: readonly string[]): Promise<string[]> {
  const tokens = createAccessTokens({ secret, previousSecret: undefined, now: () => Date.now() + dayMs });
  return Promise.all(
    userIds.map(async (userId) => {
      const sessionId = Bun.randomUUIDv7();
      await pool.query(
        "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')",
        [sessionId, userId],
      );
      return tokens.sign({ userId, sessionId });
    }),
  );
}
