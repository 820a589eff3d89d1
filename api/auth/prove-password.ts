import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { sessionOver } from '../http/callers/session-over.ts';
import { userKey } from '../http/throttles/throttle-key.ts';
import { queryStore } from '../store/query-store.ts';
import type { TokenClaims } from './access-tokens.ts';
import type { LoginThrottles } from './login-throttles.ts';
import type { Passwords } from './passwords.ts';
import { invalidCredentials } from './service.ts';

/**
 * Whether it is really the owner of a session who is there.
 * @returns the hash that the password was right for
 * @throws {NexusError} `invalid_credentials`, `too_many_requests`
 */
export type ProvePassword = (claims: TokenClaims, password: string) => Promise<string>;

interface ProvePasswordDeps {
  pool: Pool;
  passwords: Passwords;
  throttles: LoginThrottles;
}

const hashStatement = prepared<{ userId: string }, { password_hash: string }>(
  'api-password-of-user',
  ({ userId }) => sql`select password_hash from users where id = ${userId}`,
);

export function createProvePassword({ pool, passwords, throttles }: ProvePasswordDeps): ProvePassword {
  return async ({ userId, sessionId }, password) => {
    const [user] = await queryStore(pool, hashStatement({ userId }));
    if (user === undefined) throw sessionOver();
    await throttles.beginProof(sessionId);
    const right = await passwords
      .verify(password, user.password_hash, userKey(userId))
      .catch(async (error) => {
        await throttles.forgiveProof(sessionId);
        throw error;
      });
    if (!right) throw invalidCredentials();
    await throttles.forgiveProof(sessionId);
    return user.password_hash;
  };
}
