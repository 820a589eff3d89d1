import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import type { SessionKind } from '#shared/users/session.ts';
import type { SecurityLog, SecurityRecord } from '../security-log/security-log.ts';
import { queryStore } from '../store/query-store.ts';
import { type AccessTokens, accessTokenSeconds, type TokenClaims } from './access-tokens.ts';
import { presentAccount } from './account-row.ts';
import type { Client } from './client-of.ts';
import type { LoginThrottles } from './login-throttles.ts';
import type { Login, Registration } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { OpenedSession, SessionStore } from './session-store.ts';

export type Credentials = Pick<Login, 'email' | 'password'>;

export interface AuthService {
  /** @throws {NexusError} `email_taken`, `too_many_requests`, `unavailable` */
  register(registration: Omit<Registration, 'cookie'>, client: Client): Promise<SignedIn>;
  /** @throws {NexusError} `invalid_credentials`, `forbidden` for a locked account, `too_many_requests`, `unavailable` */
  login(login: Credentials, client: Client): Promise<SignedIn>;
  /**
   * A login for the console alone, under the same limits.
   * @throws {NexusError} `forbidden` for whoever is no administrator, and those of `login`
   */
  signInAdmin(login: Credentials, client: Client): Promise<TokenClaims>;
  /** @throws {NexusError} `unauthenticated` */
  refresh(refreshToken: string, client: Client): Promise<TokenPair>;
  logout(claims: TokenClaims, client: Pick<Client, 'address'>): Promise<void>;
}

export type TokenPair = Awaited<ReturnType<typeof pairOf>>;
export type SignedIn = TokenPair & { user: ReturnType<typeof presentAccount> };

interface AuthDeps {
  pool: Pool;
  tokens: AccessTokens;
  sessions: SessionStore;
  passwords: Passwords;
  throttles: LoginThrottles;
  security: Pick<SecurityLog, 'record'>;
}

const takenStatement = prepared<{ email: string }>(
  'api-email-taken',
  ({ email }) => sql`select 1 from users where email = ${email}`,
);
const hashStatement = prepared<{ email: string }, { id: string; password_hash: string; is_locked: boolean }>(
  'api-password-of-email',
  ({ email }) =>
    sql`select id, password_hash, locked_at is not null as is_locked from users where email = ${email}`,
);

const eventOf = { api: 'login', console: 'console_login' } as const satisfies Record<SessionKind, string>;

export function createAuthService(deps: AuthDeps): AuthService {
  const { pool, tokens, sessions, passwords, throttles, security } = deps;
  const signedIn = async (opened: OpenedSession): Promise<SignedIn> => ({
    user: presentAccount(opened.account),
    ...(await pairOf(tokens, opened)),
  });

  const authenticate = async (login: Credentials, client: Client, kind: SessionKind) => {
    const { email, password } = login;
    const { address } = client;
    let userId: string | undefined;
    const open = async (): Promise<OpenedSession | undefined> => {
      const [user] = await queryStore(pool, hashStatement({ email }));
      userId = user?.id;
      const right = await passwords.verify(password, user?.password_hash);
      if (!right || user === undefined) return undefined;
      // Only somebody who knows the password is told.
      if (user.is_locked) throw accountLocked();
      return sessions.open({ userId: user.id, verifiedHash: user.password_hash, kind }, client);
    };
    try {
      await throttles.beginLogin(email, address);
      const opened = await open().catch(async (error) => {
        await throttles.forgiveLogin(email, address, 'not looked at');
        throw error;
      });
      if (opened === undefined) throw invalidCredentials();
      await throttles.forgiveLogin(email, address, 'signed in');
      return opened;
    } catch (error) {
      recordRefusal(security, { event: eventOf[kind], userId, address }, error);
      throw error;
    }
  };

  return {
    async register({ name, email, password, date_of_birth: dateOfBirth = null }, client) {
      await throttles.countRegistration(client.address);
      // Before the hash, which is what costs; the insert has the last word.
      if ((await queryStore(pool, takenStatement({ email }))).length > 0) throw emailTaken();
      const passwordHash = await passwords.hash(password);
      const opened = await sessions.register({ name, email, passwordHash, dateOfBirth }, client);
      if (opened === undefined) throw emailTaken();
      recordDone(security, 'register', opened.account.id, client);
      return signedIn(opened);
    },
    async login(login, client) {
      const opened = await authenticate(login, client, 'api');
      recordDone(security, 'login', opened.account.id, client);
      return signedIn(opened);
    },
    async signInAdmin(login, client) {
      const { account, sessionId } = await authenticate(login, client, 'console');
      const { id: userId } = account;
      if (account.role === 'admin') {
        recordDone(security, 'console_login', userId, client);
        return { userId, sessionId };
      }
      await sessions.end(sessionId);
      const refusal = new NexusError('forbidden', 'This account is not an administrator account.');
      recordRefusal(security, { event: 'console_login', userId, address: client.address }, refusal);
      throw refusal;
    },
    async refresh(refreshToken, { address }) {
      const { opened, reuseOf: userId } = await sessions.refresh(refreshToken);
      if (userId !== undefined)
        security.record({ event: 'token_reuse', outcome: 'refused', userId, address });
      if (opened === undefined) throw refreshRefused();
      return pairOf(tokens, opened);
    },
    async logout({ userId, sessionId }, client) {
      await sessions.end(sessionId);
      recordDone(security, 'logout', userId, client);
    },
  };
}

type Recorder = Pick<SecurityLog, 'record'>;

const recordDone = (
  security: Recorder,
  event: SecurityRecord['event'],
  userId: string,
  { address }: Pick<Client, 'address'>,
) => security.record({ event, outcome: 'done', userId, address });

/** A store that is away has refused nobody. */
function recordRefusal(
  security: Recorder,
  of: Omit<SecurityRecord, 'outcome' | 'detail'>,
  error: unknown,
): void {
  const code = codeOf(error);
  if (code === 'invalid_credentials' || code === 'forbidden' || code === 'too_many_requests')
    security.record({ ...of, outcome: 'refused', detail: code });
}

async function pairOf(tokens: AccessTokens, { account, sessionId, refreshToken }: OpenedSession) {
  return {
    access_token: await tokens.sign({ userId: account.id, sessionId }),
    token_type: 'Bearer' as const,
    expires_in: accessTokenSeconds,
    refresh_token: refreshToken as string | null,
  };
}

export const emailTaken = () => new NexusError('email_taken', 'An account with this email already exists.');
export const invalidCredentials = () =>
  new NexusError('invalid_credentials', 'The email or the password is wrong.');
export const refreshRefused = () =>
  new NexusError('unauthenticated', 'The refresh token is invalid, expired or already used.');
const accountLocked = () =>
  new NexusError('forbidden', 'This account is locked. Please ask an administrator.');
