import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { SessionKind } from '#shared/users/session.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Settle } from '../store/peers.ts';
import { queryStore } from '../store/query-store.ts';
import type { AccountRow } from './account-row.ts';
import type { Client } from './client-of.ts';
import {
  endOfTokenStatement,
  endOneStatement,
  endOthersStatement,
  endStatement,
  holdStatement,
  idleSeconds,
  listStatement,
  type NewAccount,
  openStatement,
  refreshStatement,
  registerStatement,
  revokeStatement,
  type SessionRow,
} from './session-statements.ts';

export interface OpenedSession {
  sessionId: string;
  refreshToken: string;
  account: AccountRow;
}

export interface Refreshed {
  opened?: OpenedSession | undefined;
  /** Whose session was ended, because the token had been used before. */
  reuseOf?: string | undefined;
}

/**
 * Logins and their refresh tokens. What has ended is deleted, and counts nowhere any more when that is answered; tokens
 * are stored as SHA-256 only.
 */
export interface SessionStore {
  /** An account and its first login. @returns `undefined` if the email is taken */
  register(account: NewAccount, client: Client): Promise<OpenedSession | undefined>;
  /** @returns `undefined` if the password or the second factor was changed meanwhile, or the account locked or deleted */
  open(login: VerifiedLogin, client: Client): Promise<OpenedSession | undefined>;
  /** A token that was used before ends its session, but for the first moments. */
  refresh(refreshToken: string): Promise<Refreshed>;
  end(sessionId: string): Promise<void>;
  /** The session that a refresh token is of. */
  endOfToken(refreshToken: string): Promise<void>;
  /** Those of a user, the latest used first. */
  list(userId: string): Promise<SessionRow[]>;
  /** @returns whether the user had such a session */
  endOne(userId: string, sessionId: string): Promise<boolean>;
  /** Of a user, all but one. @returns how many */
  endOthers(userId: string, sessionId: string): Promise<number>;
}

export interface VerifiedLogin {
  userId: string;
  /** The hash that the password was right for. */
  verifiedHash: string;
  kind: SessionKind;
  /** Whether a second factor was given. */
  totp: boolean;
}

interface SessionStoreDeps {
  pool: Pool;
  settle: Settle;
  /** How long a console may stand unused. */
  consoleIdleMs: number;
  now: () => number;
}

export function createSessionStore({ pool, settle, consoleIdleMs, now }: SessionStoreDeps): SessionStore {
  const times = (kind: SessionKind = 'api') => ({
    now: new Date(now()),
    end: new Date(now() + (kind === 'console' ? consoleIdleMs : idleSeconds * 1000)),
  });
  const newSession = (kind: SessionKind, totp: boolean, { device, network }: Client) => {
    const refreshToken = newToken();
    const session = {
      sessionId: Bun.randomUUIDv7(),
      tokenHash: hashOf(refreshToken),
      kind,
      totp,
      device,
      network,
    };
    return { refreshToken, session: { ...session, ...times(kind) } };
  };
  const opened = (account: AccountRow | undefined, sessionId: string, refreshToken: string) =>
    account && { sessionId, refreshToken, account };
  return {
    async register(account, client) {
      const { refreshToken, session } = newSession('api', false, client);
      const [row] = await queryStore(
        pool,
        registerStatement({ ...account, userId: Bun.randomUUIDv7(), ...session }),
      );
      return opened(row, session.sessionId, refreshToken);
    },
    async open({ userId, verifiedHash, kind, totp }, client) {
      const { refreshToken, session } = newSession(kind, totp, client);
      const [row] = await inTransaction(pool, async (query) => {
        await query(holdStatement({ userId }));
        return query(openStatement({ userId, verifiedHash, ...session }));
      });
      return opened(row, session.sessionId, refreshToken);
    },
    async refresh(given) {
      const givenHash = hashOf(given);
      const refreshToken = newToken();
      const statement = refreshStatement({ givenHash, nextHash: hashOf(refreshToken), ...times() });
      // A token that we cannot say to have taken must not be spent: using it again would end the session.
      const refreshed = await inTransaction(pool, async (query): Promise<Refreshed> => {
        const [row] = await query(statement);
        if (row !== undefined) return { opened: opened(row, row.session_id, refreshToken) };
        const [revoked] = await query(revokeStatement({ givenHash }));
        return { reuseOf: revoked?.user_id };
      });
      if (refreshed.reuseOf !== undefined) await settle();
      return refreshed;
    },
    async end(sessionId) {
      await queryStore(pool, endStatement({ sessionId }));
      await settle();
    },
    async endOfToken(given) {
      await queryStore(pool, endOfTokenStatement({ givenHash: hashOf(given) }));
      await settle();
    },
    list: (userId) => queryStore(pool, listStatement({ userId, now: new Date(now()) })),
    async endOne(userId, sessionId) {
      const ended = await queryStore(pool, endOneStatement({ userId, sessionId }));
      await settle();
      return ended.length > 0;
    },
    async endOthers(userId, sessionId) {
      const ended = await queryStore(pool, endOthersStatement({ userId, sessionId }));
      await settle();
      return ended.length;
    },
  };
}

/** A secret that nobody can guess, for a token or a link. */
export const newToken = () => randomBytes(32).toString('base64url');
export const hashOf = (token: string) => createHash('sha256').update(token).digest();
