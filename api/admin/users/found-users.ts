import type { Pool } from 'pg';
import { z } from 'zod';
import { empty, type Fragment, type Statement, sql } from '#shared/db/sql.ts';
import { isAfter } from '../../store/keyset.ts';
import { momentKey, momentOf } from '../../store/moments.ts';
import { queryInTurn } from '../../store/query-in-turn.ts';
import { type Kept, type KeyedUser, newestFirst, openSessions, order, userColumns } from './user-rows.ts';

interface Searched extends Kept {
  /** A part of the name or the email, or the whole id. */
  query: string;
  now: Date;
}

interface Place {
  limit: number;
  after?: Fragment;
  offset?: number;
}

/**
 * A page of those who are found, and in every row how many they are; one row without a user where the page has none.
 * It has no name, so that it is planned for its text: the index finds what few have, and a scan what most have. Either
 * is done once, for the page and for the total.
 */
export function foundStatement(
  { query, role, isLocked, now }: Searched,
  { limit, after = sql`true`, offset = 0 }: Place,
): Statement<Partial<KeyedUser> & { total: number }> {
  const part = `%${query.replace(/[\\%_]/g, '\\$&')}%`;
  const isId = z.guid().safeParse(query).success ? sql` or u.id = ${query}::uuid` : empty;
  return sql`
    with found as materialized (
      select u.id, u.created_at from users u
      where (u.email like ${part.toLowerCase()} or u.name ilike ${part}${isId})
        and (${role}::text is null or u.role = ${role})
        and (${isLocked}::boolean is null or (u.locked_at is not null) = ${isLocked})
    ), page as (
      select u.id from found u where ${after} order by ${order} limit ${limit}::bigint offset ${offset}::bigint
    )
    select counted.total, shown.* from (select count(*)::int as total from found) counted
      left join lateral (
        select ${userColumns}, ${momentKey('u.created_at')} as moment
        from page join users u using (id), ${openSessions(now)}
      ) shown on true
    order by shown.moment desc, shown.id desc`;
}

/** Those whom a search finds, as `readCursorPage` asks for them: with one statement, whatever it asks. */
export function createFoundUsers(pool: Pool, searched: Searched) {
  const counted = Promise.withResolvers<number>();
  counted.promise.catch(() => {});
  const read = async (place: Place): Promise<KeyedUser[]> => {
    try {
      const rows = await queryInTurn(pool, foundStatement(searched, place));
      counted.resolve(rows[0]?.total ?? 0);
      return rows.flatMap(({ total: _, ...user }) => (user.id == null ? [] : [user as KeyedUser]));
    } catch (error) {
      counted.reject(error);
      throw error;
    }
  };
  return {
    skip: (limit: number, offset: number) => read({ limit, offset }),
    follow: (limit: number, moment: number, id: string) =>
      read({ limit, after: isAfter(newestFirst, [momentOf(moment), id]) }),
    total: () => counted.promise,
  };
}
