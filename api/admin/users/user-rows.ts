import { z } from 'zod';
import { type PlaceholdersOf, raw, sql } from '#shared/db/sql.ts';
import type { Role } from '#shared/users/user.ts';
import { isoTime } from '../../http/answers/iso-time.ts';
import { orderOf, type SortColumn } from '../../store/keyset.ts';
import { MomentKey } from '../../store/moments.ts';
import type { AdminUser } from './model.ts';

/** Which accounts are listed; `null`: all. */
export interface Kept {
  role: Role | null;
  isLocked: boolean | null;
}

/** Of `users u` with `openSessions`. */
export const userColumns = sql`u.id, u.name, u.email, u.role,
  ${isoTime('u.created_at')} as created_at, ${isoTime('u.locked_at')} as locked_at,
  exists (select 1 from user_totp t where t.user_id = u.id and t.confirmed_at is not null) as totp, s.sessions, ${isoTime('s.last_seen_at')} as last_seen_at`;

export const openSessions = (now: Date | PlaceholdersOf<{ now: Date }>['now']) => sql`lateral (
    select count(*)::int as sessions, max(refreshed_at) as last_seen_at
    from sessions where user_id = u.id and expires_at > ${now}
  ) s`;

export const newestFirst: SortColumn[] = [
  { sql: 'u.created_at', type: 'timestamptz', descending: true },
  { sql: 'u.id', type: 'uuid', descending: true },
];
export const order = raw(orderOf(newestFirst));

export interface KeyedUser extends AdminUser {
  moment: number;
}

/** Since when there is the account, and its id. */
export const UserKey = z.tuple([MomentKey, z.guid()]);
export type UserKey = z.infer<typeof UserKey>;
