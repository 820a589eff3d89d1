import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { laneKey } from '../http/throttles/throttle-key.ts';
import { queryStore } from '../store/query-store.ts';
import { type AccessTokens, accessTokenSeconds, type TokenClaims } from './access-tokens.ts';
import { presentAccount } from './account-row.ts';
import type { LoginNetworks } from './login-networks.ts';
import type { LoginThrottles } from './login-throttles.ts';
import type { Login, Registration } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { OpenedSession, SessionStore } from './session-store.ts';

export interface AuthService {
  /** @throws {NexusError} `email_taken`, `too_many_requests`, `unavailable` */
  register(registration: Registration, address: string): Promise<SignedIn>;
  /** @throws {NexusError} `invalid_credentials`, `too_many_requests`, `unavailable` */
  login(login: Login, address: string): Promise<SignedIn>;
  /**
   * A login for the console alone, under the same limits.
   * @throws {NexusError} `forbidden` for whoever is no administrator, and those of `login`
   */
  signInAdmin(login: Login, address: string): Promise<TokenClaims>;
  /** @throws {NexusError} `unauthenticated` */
  refresh(refreshToken: string): Promise<TokenPair>;
  logout(sessionId: string): Promise<void>;
}

export type TokenPair = Awaited<ReturnType<typeof pairOf>>;
export type SignedIn = TokenPair & { user: ReturnType<typeof presentAccount> };

interface AuthDeps {
  pool: Pool;
  tokens: AccessTokens;
  sessions: SessionStore;
  passwords: Passwords;
  throttles: LoginThrottles;
  networks: Pick<LoginNetworks, 'remember'>;
}

const takenStatement = prepared<{ email: string }>(
  'api-email-taken',
  ({ email }) => sql`select 1 from users where email = ${email}`,
);
const hashStatement = prepared<{ email: string }, { id: string; password_hash: string }>(
  'api-password-of-email',
  ({ email }) => sql`select id, password_hash from users where email = ${email}`,
);

export function createAuthService(deps: AuthDeps): AuthService {
  const { pool, tokens, sessions, passwords, throttles, networks } = deps;
  const signedIn = async (opened: OpenedSession): Promise<SignedIn> => ({
    user: presentAccount(opened.account),
    ...(await pairOf(tokens, opened)),
  });

  const authenticate = async ({ email, password }: Login, address: string): Promise<OpenedSession> => {
    await throttles.beginLogin(email, address);
    const open = async () => {
      const [user] = await queryStore(pool, hashStatement({ email }));
      const right = await passwords.verify(password, user?.password_hash, laneKey(address));
      if (!right || user === undefined) return undefined;
      const opened = await sessions.open(user.id, user.password_hash);
      if (opened !== undefined) await networks.remember(user.id, address);
      return opened;
    };
    const opened = await open().catch(async (error) => {
      await throttles.forgiveLogin(email, address, 'not looked at');
      throw error;
    });
    if (opened === undefined) throw invalidCredentials();
    await throttles.forgiveLogin(email, address, 'signed in');
    return opened;
  };

  return {
    async register({ name, email, password, date_of_birth: dateOfBirth = null }, address) {
      await throttles.countRegistration(address);
      // Before the hash, which is what costs; the insert has the last word.
      if ((await queryStore(pool, takenStatement({ email }))).length > 0) throw emailTaken();
      const passwordHash = await passwords.hash(password, laneKey(address));
      const opened = await sessions.register({ name, email, passwordHash, dateOfBirth });
      if (opened === undefined) throw emailTaken();
      await networks.remember(opened.account.id, address);
      return signedIn(opened);
    },
    login: async (login, address) => signedIn(await authenticate(login, address)),
    async signInAdmin(login, address) {
      const { account, sessionId } = await authenticate(login, address);
      if (account.role === 'admin') return { userId: account.id, sessionId };
      await sessions.end(sessionId);
      throw new NexusError('forbidden', 'This account is not an administrator account.');
    },
    async refresh(refreshToken) {
      const opened = await sessions.refresh(refreshToken);
      if (opened === undefined)
        throw new NexusError('unauthenticated', 'The refresh token is invalid, expired or already used.');
      return pairOf(tokens, opened);
    },
    logout: (sessionId) => sessions.end(sessionId),
  };
}

async function pairOf(tokens: AccessTokens, { account, sessionId, refreshToken }: OpenedSession) {
  return {
    access_token: await tokens.sign({ userId: account.id, sessionId }),
    token_type: 'Bearer' as const,
    expires_in: accessTokenSeconds,
    refresh_token: refreshToken,
  };
}

const emailTaken = () => new NexusError('email_taken', 'An account with this email already exists.');
export const invalidCredentials = () =>
  new NexusError('invalid_credentials', 'The email or the password is wrong.');
