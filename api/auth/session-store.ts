import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../store/in-transaction.ts';
import { queryStore, type Statement } from '../store/query-store.ts';
import type { AccountRow } from './account-row.ts';
import { accountColumns } from './account-row.ts';

/** How long a login lasts without a refresh. */
const sessionMs = 30 * 86_400_000;
/** The oldest make room. */
const maxSessions = 50;

export interface OpenedSession {
  sessionId: string;
  refreshToken: string;
  account: AccountRow;
}

export interface NewAccount {
  name: string;
  email: string;
  passwordHash: string;
  dateOfBirth: string | null;
}

/** Logins and their refresh tokens. What has ended is deleted; tokens are stored as SHA-256 only. */
export interface SessionStore {
  /** An account and its first login. @returns `undefined` if the email is taken */
  register(account: NewAccount): Promise<OpenedSession | undefined>;
  /** @returns `undefined` if the password was changed meanwhile, or the account deleted */
  open(userId: string, verifiedHash: string): Promise<OpenedSession | undefined>;
  /** @returns `undefined` for a token that is not good; the second use of one ends its session */
  refresh(refreshToken: string): Promise<OpenedSession | undefined>;
  end(sessionId: string): Promise<void>;
}

/** $1…$5: the account, $6: session, $7: token, $8: end. */
const registerStatement: Statement = {
  name: 'api-register',
  text: `
    with u as (
      insert into users (id, name, email, password_hash, date_of_birth) values ($1, $2, $3, $4, $5)
      on conflict (email) do nothing returning *
    ), s as (
      insert into sessions (id, user_id, expires_at) select $6, u.id, $8 from u returning id
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select $7, s.id, $8 from s
    )
    select ${accountColumns} from u`,
};

/**
 * Not if the password is being changed at this moment: that waits for us, or we for it, and then it is not the same.
 * $1: user, $2: the hash that was verified, $3: session, $4: token, $5: end, $6: now.
 */
const openStatement: Statement = {
  name: 'api-open-session',
  text: `
    with u as (
      select * from users where id = $1 and password_hash = $2 for share
    ), s as (
      insert into sessions (id, user_id, expires_at) select $3, u.id, $5 from u returning id
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select $4, s.id, $5 from s
    ), old as (
      delete from sessions where user_id = $1 and (expires_at < $6 or id in (
        select id from sessions where user_id = $1 order by refreshed_at desc, id offset ${maxSessions - 1}))
    )
    select ${accountColumns} from u`,
};

/**
 * The session is locked before its tokens, as its deletion does it: two who come at once go one after the other,
 * and the second finds the token spent. $1: token, $2: the next token, $3: now, $4: the new end.
 */
const refreshStatement: Statement = {
  name: 'api-refresh-session',
  text: `
    with held as materialized (
      select s.id, s.user_id from sessions s
      where s.id = (select session_id from refresh_tokens where token_hash = $1) and s.expires_at > $3
      for no key update
    ), spent as (
      update refresh_tokens t set spent_at = $3 from held
      where t.token_hash = $1 and t.session_id = held.id and t.spent_at is null and t.expires_at > $3
      returning held.id, held.user_id
    ), renewed as (
      update sessions s set refreshed_at = $3, expires_at = $4 from spent where s.id = spent.id
    ), issued as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select $2, spent.id, $4 from spent
    ), old as (
      delete from refresh_tokens t using spent where t.session_id = spent.id and t.expires_at < $3
    )
    select ${accountColumns}, spent.id as session_id from spent join users u on u.id = spent.user_id`,
};

/** $1: a token that was spent before. */
const revokeStatement: Statement = {
  name: 'api-revoke-session',
  text: `
    delete from sessions where id = (
      select session_id from refresh_tokens where token_hash = $1 and spent_at is not null)`,
};

const endStatement: Statement = { name: 'api-end-session', text: 'delete from sessions where id = $1' };

export function createSessionStore({ pool, now }: { pool: Pool; now: () => number }): SessionStore {
  const times = () => ({ at: new Date(now()), end: new Date(now() + sessionMs) });
  const opened = (account: AccountRow | undefined, sessionId: string, refreshToken: string) =>
    account && { sessionId, refreshToken, account };
  return {
    async register({ name, email, passwordHash, dateOfBirth }) {
      const sessionId = Bun.randomUUIDv7();
      const refreshToken = newToken();
      const account = [Bun.randomUUIDv7(), name, email, passwordHash, dateOfBirth];
      const values = [...account, sessionId, hashOf(refreshToken), times().end];
      const [row] = await queryStore<AccountRow>(pool, registerStatement, values);
      return opened(row, sessionId, refreshToken);
    },
    async open(userId, verifiedHash) {
      const sessionId = Bun.randomUUIDv7();
      const refreshToken = newToken();
      const { at, end } = times();
      const values = [userId, verifiedHash, sessionId, hashOf(refreshToken), end, at];
      const [row] = await queryStore<AccountRow>(pool, openStatement, values);
      return opened(row, sessionId, refreshToken);
    },
    async refresh(given) {
      const hash = hashOf(given);
      const refreshToken = newToken();
      const { at, end } = times();
      const values = [hash, hashOf(refreshToken), at, end];
      // A token that we cannot say to have taken must not be spent: using it again would end the session.
      return inTransaction(pool, async (query) => {
        const [row] = await query<AccountRow & { session_id: string }>(refreshStatement, values);
        if (row === undefined) await query(revokeStatement, [hash]);
        return row && opened(row, row.session_id, refreshToken);
      });
    },
    async end(sessionId) {
      await queryStore(pool, endStatement, [sessionId]);
    },
  };
}

const newToken = () => randomBytes(32).toString('base64url');
const hashOf = (token: string) => createHash('sha256').update(token).digest();
