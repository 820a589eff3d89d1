import { createAccessTokens } from '#api/auth/access-tokens.ts';
import { consoleCookieName } from '#api/http/callers/console-cookie.ts';
import type { Role } from '#shared/users/user.ts';
import { cheapPassword } from '../cheap-passwords.ts';
import { type TestApi, testSecret } from './api-fixture.ts';

export interface TestAccount {
  userId: string;
  sessionId: string;
  token: string;
  /** For `api.get` and `api.request`. */
  headers: { authorization: string };
  /** The same, signed in to the console, as a page of ours sends it. */
  console: { cookie: string; 'sec-fetch-site': string };
}

interface AccountOptions {
  role?: Role;
  dateOfBirth?: string;
}

export const testPassword = 'a password of the tests';
/** Made once, and cheap to verify, whichever file is the first: that it costs time is not what these tests are about. */
let hash: Promise<string> | undefined;

/** Somebody who is signed in, without the cost of a password. */
export async function openAccount(
  { pool }: Pick<TestApi, 'pool'>,
  { role = 'user', dateOfBirth }: AccountOptions = {},
): Promise<TestAccount> {
  hash ??= Bun.password.hash(testPassword, cheapPassword);
  const userId = Bun.randomUUIDv7();
  const sessionId = Bun.randomUUIDv7();
  await pool.query(
    "insert into users (id, name, email, password_hash, role, date_of_birth) values ($1, 'Somebody', $2, $3, $4, $5)",
    [userId, `${userId}@example.org`, await hash, role, dateOfBirth ?? null],
  );
  await pool.query(
    "insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 year')",
    [sessionId, userId],
  );
  const signing = { secret: testSecret, previousSecret: undefined, now: Date.now };
  const token = await createAccessTokens(signing).sign({ userId, sessionId });
  const shown = await createAccessTokens({ ...signing, kind: 'console' }).sign({ userId, sessionId });
  return {
    userId,
    sessionId,
    token,
    headers: { authorization: `Bearer ${token}` },
    console: { cookie: `${consoleCookieName(false)}=${shown}`, 'sec-fetch-site': 'same-origin' },
  };
}
