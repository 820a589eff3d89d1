import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import type { SessionKind } from '#shared/users/session.ts';
import { laneKey } from '../http/throttles/throttle-key.ts';
import { recordedRefusals } from '../security-log/recorded-refusals.ts';
import type { SecurityLog, SecurityRecord } from '../security-log/security-log.ts';
import { queryStore } from '../store/query-store.ts';
import { type AccessTokens, accessTokenSeconds, type TokenClaims } from './access-tokens.ts';
import { presentAccount } from './account-row.ts';
import type { Client } from './client-of.ts';
import type { LoginNetworks } from './login-networks.ts';
import type { LoginThrottles } from './login-throttles.ts';
import type { Login, Registration } from './model.ts';
import type { Passwords } from './passwords.ts';
import type { SecondFactors, TakenCode, TotpSetup } from './second-factors.ts';
import type { OpenedSession, SessionStore } from './session-store.ts';

export type Credentials = Pick<Login, 'email' | 'password' | 'code'>;

export interface AuthService {
  /** @throws {NexusError} `email_taken`, `too_many_requests`, `unavailable` */
  register(registration: Omit<Registration, 'cookie'>, client: Client): Promise<SignedIn>;
  /**
   * @throws {NexusError} `invalid_credentials`, `totp_required`, `forbidden` for a locked account, `too_many_requests`,
   * `unavailable`
   */
  login(login: Credentials, client: Client): Promise<SignedIn>;
  /**
   * A login for the console alone, under the same limits.
   * @param form the one that shows what must be set up before
   * @throws {NexusError} `forbidden` for whoever is no administrator, and those of `login`
   */
  signInAdmin(login: Credentials, client: Client, form: string): Promise<AdminSignIn>;
  /** @throws {NexusError} `unauthenticated` */
  refresh(refreshToken: string, client: Client): Promise<TokenPair>;
  logout(claims: TokenClaims, client: Pick<Client, 'address'>): Promise<void>;
  /** The session that a browser had before it signed in anew. */
  endFormer(refreshToken: string): Promise<void>;
}

/** Signed in, with recovery codes if the second factor was confirmed by it; or what must be set up before. */
export type AdminSignIn =
  | { claims: TokenClaims; recoveryCodes?: string[]; setup?: undefined }
  | { claims?: undefined; setup: TotpSetup };

export type TokenPair = Awaited<ReturnType<typeof pairOf>>;
export type SignedIn = TokenPair & { user: ReturnType<typeof presentAccount> };

interface AuthDeps {
  pool: Pool;
  tokens: AccessTokens;
  sessions: SessionStore;
  passwords: Passwords;
  throttles: LoginThrottles;
  networks: LoginNetworks;
  factors: SecondFactors;
  /** Whether administrators must have a second factor. */
  needsTotp: boolean;
  security: Pick<SecurityLog, 'record'>;
}

interface SignedInBy {
  opened: OpenedSession;
  /** The second factor that was given. */
  factor: TakenCode | undefined;
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
  const { pool, tokens, sessions, passwords, throttles, networks, factors, needsTotp, security } = deps;
  const signedIn = async (opened: OpenedSession): Promise<SignedIn> => ({
    user: presentAccount(opened.account),
    ...(await pairOf(tokens, opened)),
  });

  const authenticate = async (login: Credentials, client: Client, kind: SessionKind) => {
    const { email, password, code } = login;
    const { address } = client;
    let userId: string | undefined;
    const open = async (): Promise<SignedInBy | 'wrong password' | 'wrong code'> => {
      const [user] = await queryStore(pool, hashStatement({ email }));
      userId = user?.id;
      const right = await passwords.verify(password, user?.password_hash, laneKey(address));
      if (!right || user === undefined) return 'wrong password';
      // Only somebody who knows the password is told.
      if (user.is_locked) throw accountLocked();
      const totp = await factors.isOn(user.id);
      // Somebody who gives none has not guessed.
      if (totp && code === undefined) throw totpRequired();
      const by = { knownNetwork: totp ? await networks.known(email, address) : undefined };
      const factor = totp ? await factors.take(user.id, code ?? '', by) : undefined;
      if (totp && factor === undefined) return 'wrong code';
      const verified = { userId: user.id, verifiedHash: user.password_hash, kind, totp };
      const opened = await sessions.open(verified, client);
      if (opened === undefined) return 'wrong password';
      await networks.remember(user.id, address);
      return { opened, factor };
    };
    try {
      await throttles.beginLogin(email, address);
      const result = await open().catch(async (error) => {
        await throttles.forgiveLogin(email, address, 'not looked at');
        throw error;
      });
      if (result === 'wrong password') throw invalidCredentials();
      if (result === 'wrong code') throw totpRequired();
      await throttles.forgiveLogin(email, address, 'signed in');
      return result;
    } catch (error) {
      recordRefusal(security, { event: eventOf[kind], userId, address }, error);
      throw error;
    }
  };

  /** @returns new recovery codes; none where there is nothing to do; `undefined` where a second factor is missing */
  const settleTotp = async (claims: TokenClaims, code: string | undefined, form: string) => {
    if (!needsTotp || (await factors.isOn(claims.userId))) return [];
    return code === undefined ? undefined : factors.confirm(claims, code, form);
  };

  return {
    async register({ name, email, password, date_of_birth: dateOfBirth = null }, client) {
      await throttles.countRegistration(client.address);
      // Before the hash, which is what costs; the insert has the last word.
      if ((await queryStore(pool, takenStatement({ email }))).length > 0) throw emailTaken();
      const passwordHash = await passwords.hash(password, laneKey(client.address));
      const opened = await sessions.register({ name, email, passwordHash, dateOfBirth }, client);
      if (opened === undefined) throw emailTaken();
      await networks.remember(opened.account.id, client.address);
      recordDone(security, 'register', opened.account.id, client);
      return signedIn(opened);
    },
    async login(login, client) {
      const { opened, factor } = await authenticate(login, client, 'api');
      recordDone(security, 'login', opened.account.id, client, factor);
      return signedIn(opened);
    },
    async signInAdmin(login, client, form) {
      const { opened, factor } = await authenticate(login, client, 'console');
      const { account, sessionId } = opened;
      const { id: userId } = account;
      const claims = { userId, sessionId };
      if (account.role === 'admin') {
        const recoveryCodes = await settleTotp(claims, login.code, form);
        if (recoveryCodes === undefined) {
          await sessions.end(sessionId);
          return { setup: await factors.begin(userId, account.email, form) };
        }
        recordDone(security, 'console_login', userId, client, factor);
        if (recoveryCodes.length === 0) return { claims };
        recordDone(security, 'totp_on', userId, client);
        return { claims, recoveryCodes };
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
      if (opened === undefined) {
        if (userId === undefined)
          security.record({ event: 'token_refused', outcome: 'refused', address, detail: 'refresh token' });
        throw refreshRefused();
      }
      return pairOf(tokens, opened);
    },
    endFormer: (refreshToken) => sessions.endOfToken(refreshToken),
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
  detail?: string,
) => security.record({ event, outcome: 'done', userId, address, detail });

const refusals: ReadonlySet<string> = new Set([
  'invalid_credentials',
  'totp_required',
  'forbidden',
  'too_many_requests',
]);

/** A store that is away has refused nobody. */
function recordRefusal(
  security: Recorder,
  of: Omit<SecurityRecord, 'outcome' | 'detail'>,
  error: unknown,
): void {
  const code = codeOf(error);
  if (!refusals.has(code)) return;
  security.record({ ...of, outcome: 'refused', detail: code });
  if (error instanceof Error) recordedRefusals.add(error);
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
export const totpRequired = () =>
  new NexusError('totp_required', 'Please give a code of your authenticator app, or a recovery code.');
const accountLocked = () =>
  new NexusError('forbidden', 'This account is locked. Please ask an administrator.');
