import { type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import type { SessionKind } from '#shared/users/session.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { type AccountRow, accountColumns } from './account-row.ts';

/** How long a login lasts without a refresh. */
export const idleSeconds = 30 * 86_400;
/** How long a login lasts at most. */
const absoluteSeconds = 90 * 86_400;
/** A clock that was ahead may have made one that begins, and so ends, too late: such a login is none. */
export const beginSlackMs = 60_000;
export const hasBegun = (createdAt: string, now: Fragment): Fragment =>
  sql`${raw(createdAt)} <= ${now} + ${raw(`interval '${beginSlackMs} milliseconds'`)}`;
/** Two tabs that refresh together, or an answer that was lost: for so long a spent token gets pairs of its own. */
const graceSeconds = 10;
const maxUses = 3;
/**
 * What a session keeps of its tokens: those spent last. Ten days of somebody who refreshes each quarter of an hour; who
 * refreshes on and on makes neither the table nor their next refresh grow. An older one is refused all the same.
 */
const maxTokens = 1000;
/** The oldest make room. */
const maxSessions = 50;

/** A login, as its owner sees it. */
export interface SessionRow {
  id: string;
  kind: SessionKind;
  device: string | null;
  network: string | null;
  created_at: string;
  refreshed_at: string;
  expires_at: string;
}

export interface NewAccount {
  name: string;
  email: string;
  passwordHash: string;
  dateOfBirth: string | null;
}

interface NewSession {
  sessionId: string;
  tokenHash: Buffer;
  kind: SessionKind;
  totp: boolean;
  device: string | null;
  network: string | null;
  now: Date;
  end: Date;
}

/** Over `u`, which has the one row that the session is for. */
const insertSession = ({
  sessionId,
  kind,
  totp,
  device,
  network,
  now,
  end,
}: PlaceholdersOf<NewSession>) => sql`
  insert into sessions (id, user_id, kind, totp, device, network, created_at, refreshed_at, expires_at)
  select ${sessionId}, u.id, ${kind}, ${totp}::boolean, ${device}, ${network}, ${now}::timestamptz, ${now}::timestamptz, ${end}::timestamptz
  from u returning id`;

export const registerStatement = prepared<NewAccount & NewSession & { userId: string }, AccountRow>(
  'api-register',
  (account) => sql`
    with u as (
      insert into users (id, name, email, password_hash, date_of_birth)
      values (${account.userId}, ${account.name}, ${account.email}, ${account.passwordHash}, ${account.dateOfBirth})
      on conflict (email) do nothing returning *
    ), s as (
      ${insertSession(account)}
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${account.tokenHash}, s.id, ${account.end} from s
    )
    select ${accountColumns} from u`,
);

/** Before a session is opened: whoever changes the password or the second factor, or locks the account, waits or is waited for. */
export const holdStatement = prepared<{ userId: string }>(
  'api-hold-account',
  ({ userId }) => sql`select 1 from users where id = ${userId} for share`,
);

/** A statement of its own, once the account is held: it sees what was waited for. */
export const openStatement = prepared<NewSession & { userId: string; verifiedHash: string }, AccountRow>(
  'api-open-session',
  (login) => sql`
    with u as (
      select * from users where id = ${login.userId} and password_hash = ${login.verifiedHash} and locked_at is null
        and ${login.totp}::boolean = exists (
          select 1 from user_totp where user_id = ${login.userId} and confirmed_at is not null)
      for share
    ), s as (
      ${insertSession(login)}
    ), t as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${login.tokenHash}, s.id, ${login.end} from s
    ), old as (
      delete from sessions where user_id = ${login.userId} and (expires_at < ${login.now} or id in (
        select id from sessions where user_id = ${login.userId} order by refreshed_at desc, id offset ${maxSessions - 1}))
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
 * The session is locked before its tokens, as its deletion does it: those who come at once go one after the other, and
 * each finds how often the token was used.
 */
export const refreshStatement = prepared<Refresh, AccountRow & { session_id: string }>(
  'api-refresh-session',
  ({ givenHash, nextHash, now, end }) => sql`
    with held as materialized (
      select s.id, s.user_id, s.created_at + make_interval(secs => ${absoluteSeconds}) as last_end from sessions s
      where s.id = (select session_id from refresh_tokens where token_hash = ${givenHash}) and s.expires_at > ${now}
        and ${hasBegun('s.created_at', sql`${now}::timestamptz`)} and s.created_at + make_interval(secs => ${absoluteSeconds}) > ${now}
      for no key update
    ), used as (
      update refresh_tokens t set spent_at = coalesce(t.spent_at, ${now}), uses = t.uses + 1 from held
      where t.token_hash = ${givenHash} and t.session_id = held.id and t.expires_at > ${now} and (t.spent_at is null
        or (t.uses < ${maxUses} and t.spent_at + make_interval(secs => ${graceSeconds}) > ${now}))
      returning held.id, held.user_id, least(${end}, held.last_end) as ends
    ), renewed as (
      update sessions s set refreshed_at = ${now}, expires_at = used.ends from used where s.id = used.id
    ), issued as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${nextHash}, used.id, used.ends from used
    ), old as (
      delete from refresh_tokens t using (
        select o.token_hash, o.expires_at, row_number() over (order by o.spent_at desc nulls first) as place
        from used join refresh_tokens o on o.session_id = used.id
      ) o
      where t.token_hash = o.token_hash and (o.expires_at < ${now} or o.place > ${maxTokens})
    )
    select ${accountColumns}, used.id as session_id from used join users u on u.id = used.user_id`,
);

/** Only for a token that was used before. */
export const revokeStatement = prepared<{ givenHash: Buffer }, { user_id: string }>(
  'api-revoke-session',
  ({ givenHash }) => sql`
    delete from sessions where id = (
      select session_id from refresh_tokens where token_hash = ${givenHash} and spent_at is not null)
    returning user_id`,
);

/** Whose token this is, whether it was used or not. */
export const endOfTokenStatement = prepared<{ givenHash: Buffer }>(
  'api-end-session-of-token',
  ({ givenHash }) => sql`
    delete from sessions where id = (select session_id from refresh_tokens where token_hash = ${givenHash})`,
);

export const listStatement = prepared<{ userId: string; now: Date }, SessionRow>(
  'api-sessions-of-user',
  ({ userId, now }) => sql`
    select id, kind, device, network, ${isoTime('sessions.created_at')} as created_at,
      ${isoTime('sessions.refreshed_at')} as refreshed_at, ${isoTime('sessions.expires_at')} as expires_at
    from sessions where user_id = ${userId} and sessions.expires_at > ${now}
      and ${hasBegun('sessions.created_at', sql`${now}::timestamptz`)}
    order by sessions.refreshed_at desc, id`,
);

export const endOneStatement = prepared<{ userId: string; sessionId: string }>(
  'api-end-session-of-user',
  ({ userId, sessionId }) =>
    sql`delete from sessions where id = ${sessionId} and user_id = ${userId} returning id`,
);

export const endOthersStatement = prepared<{ userId: string; sessionId: string }>(
  'api-end-other-sessions',
  ({ userId, sessionId }) =>
    sql`delete from sessions where user_id = ${userId} and id <> ${sessionId} returning id`,
);

export const endStatement = prepared<{ sessionId: string }>(
  'api-end-session',
  ({ sessionId }) => sql`delete from sessions where id = ${sessionId}`,
);
