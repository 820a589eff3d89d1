import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { queryStore } from '../store/query-store.ts';
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

interface NewSession {
  sessionId: string;
  tokenHash: Buffer;
  end: Date;
}

const registerStatement = prepared<NewAccount & NewSession & { userId: string }, AccountRow>(
  'api-register',
  ({ userId, name, email, passwordHash, dateOfBirth, sessionId, tokenHash, end }) => sql`
    with u as (
      insert into users (id, name, email, password_hash, date_of_birth)
      values (${userId}, ${name}, ${email}, ${passwordHash}, ${dateOfBirth})
      on conflict (email) do nothing returning *
    ), s as (
      insert into sessions (id, user_id, expires_at) select ${sessionId}, u.id, ${end} from u returning id
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${tokenHash}, s.id, ${end} from s
    )
    select ${accountColumns} from u`,
);

/** Opens nothing if the password is being changed at this moment: one waits for the other, and then the hash differs. */
const openStatement = prepared<NewSession & { userId: string; verifiedHash: string; now: Date }, AccountRow>(
  'api-open-session',
  ({ userId, verifiedHash, sessionId, tokenHash, end, now }) => sql`
    with u as (
      select * from users where id = ${userId} and password_hash = ${verifiedHash} for share
    ), s as (
      insert into sessions (id, user_id, expires_at) select ${sessionId}, u.id, ${end} from u returning id
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${tokenHash}, s.id, ${end} from s
    ), old as (
      delete from sessions where user_id = ${userId} and (expires_at < ${now} or id in (
        select id from sessions where user_id = ${userId} order by refreshed_at desc, id offset ${maxSessions - 1}))
    )
    select ${accountColumns} from u`,
);

interface Refresh {
  givenHash: Buffer;
  nextHash: Buffer;
  now: Date;
  end: Date;
}

/**
 * The session is locked before its tokens, as its deletion does it: two who come at once go one after the other,
 * and the second finds the token spent.
 */
const refreshStatement = prepared<Refresh, AccountRow & { session_id: string }>(
  'api-refresh-session',
  ({ givenHash, nextHash, now, end }) => sql`
    with held as materialized (
      select s.id, s.user_id from sessions s
      where s.id = (select session_id from refresh_tokens where token_hash = ${givenHash}) and s.expires_at > ${now}
      for no key update
    ), spent as (
      update refresh_tokens t set spent_at = ${now} from held
      where t.token_hash = ${givenHash} and t.session_id = held.id and t.spent_at is null and t.expires_at > ${now}
      returning held.id, held.user_id
    ), renewed as (
      update sessions s set refreshed_at = ${now}, expires_at = ${end} from spent where s.id = spent.id
    ), issued as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${nextHash}, spent.id, ${end} from spent
    ), old as (
      delete from refresh_tokens t using spent where t.session_id = spent.id and t.expires_at < ${now}
    )
    select ${accountColumns}, spent.id as session_id from spent join users u on u.id = spent.user_id`,
);

/** Only for a token that was spent before. */
const revokeStatement = prepared<{ givenHash: Buffer }>(
  'api-revoke-session',
  ({ givenHash }) => sql`
    delete from sessions where id = (
      select session_id from refresh_tokens where token_hash = ${givenHash} and spent_at is not null)`,
);

const endStatement = prepared<{ sessionId: string }>(
  'api-end-session',
  ({ sessionId }) => sql`delete from sessions where id = ${sessionId}`,
);

export function createSessionStore({ pool, now }: { pool: Pool; now: () => number }): SessionStore {
  const times = () => ({ now: new Date(now()), end: new Date(now() + sessionMs) });
  const opened = (account: AccountRow | undefined, sessionId: string, refreshToken: string) =>
    account && { sessionId, refreshToken, account };
  return {
    async register(account) {
      const userId = Bun.randomUUIDv7();
      const sessionId = Bun.randomUUIDv7();
      const refreshToken = newToken();
      const session = { sessionId, tokenHash: hashOf(refreshToken), end: times().end };
      const [row] = await queryStore(pool, registerStatement({ ...account, userId, ...session }));
      return opened(row, sessionId, refreshToken);
    },
    async open(userId, verifiedHash) {
      const sessionId = Bun.randomUUIDv7();
      const refreshToken = newToken();
      const session = { sessionId, tokenHash: hashOf(refreshToken), ...times() };
      const [row] = await queryStore(pool, openStatement({ userId, verifiedHash, ...session }));
      return opened(row, sessionId, refreshToken);
    },
    async refresh(given) {
      const givenHash = hashOf(given);
      const refreshToken = newToken();
      const statement = refreshStatement({ givenHash, nextHash: hashOf(refreshToken), ...times() });
      // A token that we cannot say to have taken must not be spent: using it again would end the session.
      return inTransaction(pool, async (query) => {
        const [row] = await query(statement);
        if (row === undefined) await query(revokeStatement({ givenHash }));
        return row && opened(row, row.session_id, refreshToken);
      });
    },
    async end(sessionId) {
      await queryStore(pool, endStatement({ sessionId }));
    },
  };
}

const newToken = () => randomBytes(32).toString('base64url');
const hashOf = (token: string) => createHash('sha256').update(token).digest();
