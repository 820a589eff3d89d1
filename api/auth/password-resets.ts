import type { Pool } from 'pg';
import { type Placeholder, prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import { userKey } from '../http/throttles/throttle-key.ts';
import { inTransaction, type Query } from '../store/in-transaction.ts';
import type { Settle } from '../store/peers.ts';
import { queryStore } from '../store/query-store.ts';
import type { LoginNetworks } from './login-networks.ts';
import type { Reset } from './model.ts';
import type { Passwords } from './passwords.ts';
import { refuseWeakPassword } from './refuse-weak-password.ts';
import { hasBegun } from './session-statements.ts';
import { hashOf, newToken } from './session-store.ts';

const hourMs = 3_600_000;
/**
 * The oldest make room: more than the mails that anybody can ask for within the hour that a link lives (three in each of
 * two windows), so that they do not take away the link that an administrator made.
 */
const maxOpen = 8;
export const resetPath = '/reset-password';

export interface ResetLink {
  token: string;
  /** Only the path, where nobody has said what the address of the service is. */
  url: string;
  expires_at: string;
}

export interface PasswordResets {
  /**
   * @param sentTo the email that the link goes to
   * @returns `undefined` where there is no such account, or it is locked or has another email by now
   */
  make(userId: string, sentTo?: string): Promise<ResetLink | undefined>;
  /**
   * Sets the password, and ends all sessions. Whoever has the link is the owner: the network that they are in counts as
   * one that they have signed in from, so that nobody who guesses at the account keeps them out.
   * @returns whose it is
   * @throws {NexusError} `invalid_credentials`, `invalid_input` for a password like the email, `unavailable`
   */
  use(reset: Reset, address: string): Promise<string>;
}

interface PasswordResetsDeps {
  pool: Pool;
  settle: Settle;
  passwords: Passwords;
  networks: Pick<LoginNetworks, 'remember'>;
  publicUrl: string | undefined;
  now: () => number;
}

/** A clock that was far ahead may have made one that ends later: such a link is worth nothing. */
const endsInTime = (now: Placeholder<Date>) =>
  hasBegun("expires_at - interval '1 hour'", sql`${now}::timestamptz`);

interface NewLink {
  userId: string;
  sentTo: string | null;
  tokenHash: Buffer;
  now: Date;
  end: Date;
}

/** Whoever changes or locks the account at this moment is waited for. */
const makeStatement = prepared<NewLink, { id: string }>(
  'api-make-reset',
  ({ userId, sentTo, tokenHash, now, end }) => sql`
    with u as (
      select id from users where id = ${userId}
        and (${sentTo}::text is null or (email = ${sentTo} and locked_at is null)) for share
    ), made as (
      insert into password_resets (token_hash, user_id, created_at, expires_at)
      select ${tokenHash}, u.id, ${now}::timestamptz, ${end}::timestamptz from u
    ), old as (
      delete from password_resets where user_id = ${userId} and (expires_at < ${now}::timestamptz or token_hash in (
        select token_hash from password_resets where user_id = ${userId} order by created_at desc offset ${maxOpen - 1}))
    )
    select id from u`,
);

const ownerStatement = prepared<{ tokenHash: Buffer; now: Date }, { user_id: string; email: string }>(
  'api-owner-of-reset',
  ({ tokenHash, now }) => sql`
    select user_id, email from password_resets join users u on u.id = user_id
    where token_hash = ${tokenHash} and expires_at > ${now} and ${endsInTime(now)}`,
);

const useStatement = prepared<{ tokenHash: Buffer; now: Date }>(
  'api-use-reset',
  ({ tokenHash, now }) =>
    sql`delete from password_resets where token_hash = ${tokenHash} and expires_at > ${now} and ${endsInTime(now)} returning 1`,
);

const passwordStatement = prepared<{ userId: string; hash: string }>(
  'api-set-password',
  ({ userId, hash }) => sql`update users set password_hash = ${hash} where id = ${userId}`,
);

const endSessionsStatement = prepared<{ userId: string }, { id: string }>(
  'api-end-all-sessions',
  ({ userId }) => sql`delete from sessions where user_id = ${userId} returning id`,
);

const endResetsStatement = prepared<{ userId: string }>(
  'api-end-resets',
  ({ userId }) => sql`delete from password_resets where user_id = ${userId}`,
);

/** Links that were made for another password or another email are worth nothing. */
export const endResets = (query: Query, userId: string) => query(endResetsStatement({ userId }));
export const endAllSessions = (query: Query, userId: string) => query(endSessionsStatement({ userId }));

export function createPasswordResets({
  pool,
  settle,
  passwords,
  networks,
  publicUrl,
  now,
}: PasswordResetsDeps): PasswordResets {
  return {
    async make(userId, sentTo) {
      const token = newToken();
      const end = new Date(now() + hourMs);
      const made = { userId, sentTo: sentTo ?? null, tokenHash: hashOf(token) };
      const statement = makeStatement({ ...made, now: new Date(now()), end });
      const [user] = await queryStore(pool, statement);
      const url = `${publicUrl ?? ''}${resetPath}?token=${token}`;
      return user && { token, url, expires_at: end.toISOString() };
    },
    async use({ token, password }, address) {
      const given = { tokenHash: hashOf(token), now: new Date(now()) };
      // Before the hash, which is what costs; the deletion has the last word.
      const [owner] = await queryStore(pool, ownerStatement(given));
      if (owner === undefined) throw linkInvalid();
      const userId = owner.user_id;
      refuseWeakPassword('password', password, owner.email);
      const hash = await passwords.hash(password, userKey(userId));
      await inTransaction(pool, async (query) => {
        await query(lockUserStatement({ userId }));
        if ((await query(useStatement(given))).length === 0) throw linkInvalid();
        await query(passwordStatement({ userId, hash }));
        await endAllSessions(query, userId);
        await endResets(query, userId);
      });
      await settle();
      await networks.remember(userId, address);
      return userId;
    },
  };
}

const linkInvalid = () =>
  new NexusError('invalid_credentials', 'The link is invalid, was used before, or has expired.');
