import type { Role } from '#shared/users/user.ts';
import { type TestApi, testSecret } from '../api-fixture.ts';
import { createAccessTokens } from './access-tokens.ts';

export interface TestAccount {
  userId: string;
  sessionId: string;
  token: string;
  /** For `api.get` and `api.request`. */
  headers: { authorization: string };
}

interface AccountOptions {
  role?: Role;
  dateOfBirth?: string;
}

/** Somebody who is signed in, without the cost of a password. */
export async function openAccount(
  { pool }: Pick<TestApi, 'pool'>,
  { role = 'user', dateOfBirth }: AccountOptions = {},
): Promise<TestAccount> {
  const userId = Bun.randomUUIDv7();
  const sessionId = Bun.randomUUIDv7();
  await pool.query(
    "insert into users (id, name, email, password_hash, role, date_of_birth) values ($1, 'Somebody', $2, 'none', $3, $4)",
    [userId, `${userId}@example.org`, role, dateOfBirth ?? null],
  );
  await pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 year')",
    [sessionId, userId],
  );
  const tokens = createAccessTokens({ secret: testSecret, previousSecret: undefined, now: Date.now });
  const token = await tokens.sign({ userId, sessionId });
  return { userId, sessionId, token, headers: { authorization: `Bearer ${token}` } };
}
