import type { Pool } from 'pg';
import { empty, type Fragment, type PlaceholdersOf, prepared, sql } from '#shared/db/sql.ts';
import { codeOf, NexusError } from '#shared/errors.ts';
import type { SecurityEventName } from '#shared/security/security-event.ts';
import { lockUserStatement } from '#shared/users/lock-user-statement.ts';
import type { Role } from '#shared/users/user.ts';
import { endAllSessions, endResets, type PasswordResets } from '../../auth/password-resets.ts';
import type { SecondFactors } from '../../auth/second-factors.ts';
import type { CursorPageMeta } from '../../http/answers/model.ts';
import { readCursorPage } from '../../http/answers/read-cursor-page.ts';
import { endImports } from '../../imports/end-imports.ts';
import type { SecurityLog } from '../../security-log/security-log.ts';
import { inTransaction } from '../../store/in-transaction.ts';
import { isAfter } from '../../store/keyset.ts';
import { momentKey, momentOf } from '../../store/moments.ts';
import type { Settle } from '../../store/peers.ts';
import { queryInTurn } from '../../store/query-in-turn.ts';
import { queryStore } from '../../store/query-store.ts';
import { selectOne } from '../../store/select-one.ts';
import { refuseLosingLastAdmin } from '../../users/writing/refuse-losing-last-admin.ts';
import { createFoundUsers } from './found-users.ts';
import type { AdminUser, ResetLink, UserChange, UsersQuery } from './model.ts';
import {
  type Kept,
  type KeyedUser,
  newestFirst,
  openSessions,
  order,
  UserKey,
  userColumns,
} from './user-rows.ts';

/** The administrator who does it. */
export interface Actor {
  userId: string;
  address: string;
}

export interface AdminUsers {
  /** The newest account first. */
  page(query: UsersQuery): Promise<{ users: AdminUser[]; meta: CursorPageMeta }>;
  /** A locked account's sessions end. @throws {NexusError} `not_found`, `last_admin` */
  change(id: string, change: UserChange, actor: Actor): Promise<AdminUser>;
  /** @throws {NexusError} `not_found` */
  endSessions(id: string, actor: Actor): Promise<void>;
  /** For somebody else who has lost the app and the recovery codes. @throws {NexusError} `not_found`, `forbidden` */
  removeTotp(id: string, actor: Actor): Promise<void>;
  /** For somebody else. @throws {NexusError} `not_found`, `forbidden` */
  makeResetLink(id: string, actor: Actor): Promise<ResetLink>;
}

interface AdminUsersDeps {
  pool: Pool;
  settle: Settle;
  resets: PasswordResets;
  factors: Pick<SecondFactors, 'remove'>;
  security: Pick<SecurityLog, 'record'>;
  now: () => number;
}

const isAsked = ({ role, isLocked }: PlaceholdersOf<Kept>) => sql`
  (${role}::text is null or u.role = ${role}) and (${isLocked}::boolean is null or (u.locked_at is not null) = ${isLocked})`;

/** Sessions are counted of those alone who are on the page. */
const rowsOf = (
  asked: PlaceholdersOf<Kept & { now: Date; limit: number }>,
  { after = empty, offset = empty }: { after?: Fragment; offset?: Fragment },
): Fragment => sql`
    select ${userColumns}, ${momentKey('u.created_at')} as moment from (
      select * from users u where ${isAsked(asked)}${after} order by ${order} limit ${asked.limit}::bigint${offset}
    ) u, ${openSessions(asked.now)} order by ${order}`;

const pageStatement = prepared<Kept & { now: Date; limit: number; offset: number }, KeyedUser>(
  'api-admin-users',
  (asked) => rowsOf(asked, { offset: sql` offset ${asked.offset}::bigint` }),
);
const pageAfterStatement = prepared<
  Kept & { now: Date; limit: number; moment: number; id: string },
  KeyedUser
>('api-admin-users-after', (asked) =>
  rowsOf(asked, { after: sql` and ${isAfter(newestFirst, [momentOf(asked.moment), asked.id])}` }),
);
const totalStatement = prepared<Kept, { total: number }>(
  'api-admin-users-total',
  (asked) => sql`select count(*)::int as total from users u where ${isAsked(asked)}`,
);
const oneStatement = prepared<{ id: string; now: Date }, AdminUser>(
  'api-admin-user',
  (asked) => sql`select ${userColumns} from users u, ${openSessions(asked.now)} where u.id = ${asked.id}`,
);

interface Change {
  id: string;
  role: Role | null;
  locks: boolean | null;
  now: Date;
}

const changeStatement = prepared<Change>(
  'api-admin-change-user',
  ({ id, role, locks, now }) => sql`
    update users set role = coalesce(${role}, role), locked_at = case ${locks}::boolean
      when true then coalesce(locked_at, ${now}::timestamptz) when false then null else locked_at end
    where id = ${id}`,
);

export function createAdminUsers(deps: AdminUsersDeps): AdminUsers {
  const { pool, settle, resets, factors, security, now } = deps;
  const one = async (id: string): Promise<AdminUser> => {
    const [user] = await queryStore(pool, oneStatement({ id, now: new Date(now()) }));
    if (user === undefined) throw notFound();
    return user;
  };
  const recordFor = (id: string, actor: Actor) => (event: SecurityEventName, detail?: string) =>
    security.record({ event, outcome: 'done', ...actor, subjectId: id, detail });

  return {
    async page({ query, role = null, status, ...place }) {
      const isLocked = status === undefined ? null : status === 'locked';
      const kept = { role, isLocked };
      const at = { ...kept, now: new Date(now()) };
      const found = query ? createFoundUsers(pool, { ...at, query }) : undefined;
      const { rows, meta } = await readCursorPage<KeyedUser, UserKey>(place, {
        list: ['users', query || null, role, isLocked],
        key: UserKey,
        skip: (limit, offset) =>
          found?.skip(limit, offset) ?? queryInTurn(pool, pageStatement({ ...at, limit, offset })),
        follow: (limit, [moment, id]) =>
          found?.follow(limit, moment, id) ??
          queryInTurn(pool, pageAfterStatement({ ...at, limit, moment, id })),
        count: async () => found?.total() ?? (await selectOne(pool, totalStatement(kept), queryInTurn)).total,
        keyOf: ({ moment, id }) => [moment, id],
      });
      return { users: rows.map(({ moment: _moment, ...user }) => user), meta };
    },
    async change(id, { role, locked }, actor) {
      const before = await inTransaction(pool, async (query) => {
        if ((await query(lockUserStatement({ userId: id }))).length === 0) throw notFound();
        const [user] = await query(oneStatement({ id, now: new Date(now()) }));
        if (role === 'user' || locked === true) await refuseLosingLastAdmin(query, id);
        await query(changeStatement({ id, role: role ?? null, locks: locked ?? null, now: new Date(now()) }));
        // A statement of its own, after the row is held: it sees every session that was opened before.
        if (locked === true) {
          await endAllSessions(query, id);
          await endResets(query, id);
          await endImports(query, id, new Date(now()));
        }
        return user;
      }).catch((error: unknown) => {
        const event = role === 'user' ? 'role_change' : 'lock';
        if (codeOf(error) === 'last_admin')
          security.record({
            event,
            outcome: 'refused',
            ...actor,
            subjectId: id,
            detail: 'last administrator',
          });
        throw error;
      });
      await settle();
      const record = recordFor(id, actor);
      const after = await one(id);
      if (role !== undefined && before?.role !== role) record('role_change', `${before?.role} to ${role}`);
      const wasLocked = before?.locked_at !== null;
      if (locked !== undefined && wasLocked !== locked) record(locked ? 'lock' : 'unlock');
      return after;
    },
    async endSessions(id, actor) {
      await one(id);
      const ended = await inTransaction(pool, (query) => endAllSessions(query, id));
      await settle();
      recordFor(id, actor)('session_end', `${ended.length} sessions`);
    },
    async removeTotp(id, actor) {
      refuseOwn(id, actor);
      await one(id);
      if (await factors.remove(id)) recordFor(id, actor)('totp_off');
    },
    async makeResetLink(id, actor) {
      refuseOwn(id, actor);
      const link = await resets.make(id);
      if (link === undefined) throw notFound();
      recordFor(id, actor)('reset_link');
      return link;
    },
  };
}

/**
 * Whoever has found an administrator's session open must not make the account their own: its owner proves by the
 * password who they are.
 * @throws {NexusError} `forbidden`
 */
function refuseOwn(id: string, { userId }: Actor): void {
  if (id.toLowerCase() === userId) throw new NexusError('forbidden', ownAccount);
}

const ownAccount =
  'For your own account this needs your password: see /api/user/profile and /api/auth/totp. Another administrator can do it, too.';

const notFound = () => new NexusError('not_found', 'There is no user with this id.');
