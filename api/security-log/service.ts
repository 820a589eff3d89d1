import type { Pool } from 'pg';
import { z } from 'zod';
import { empty, type Fragment, join, raw, type Statement, sql } from '#shared/db/sql.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import type { CursorPageMeta } from '../http/answers/model.ts';
import { readCursorPage } from '../http/answers/read-cursor-page.ts';
import { isAfter, orderOf, type SortColumn } from '../store/keyset.ts';
import { MomentKey, momentKey, momentOf } from '../store/moments.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import { selectOne } from '../store/select-one.ts';
import type { EventsQuery, SecurityEvent } from './model.ts';
import type { SecurityLog } from './security-log.ts';

interface Asked {
  event: string | null;
  outcome: string | null;
  userId: string | null;
  addressKey: string | null;
}

/** Only what is asked for: each of these has an index, which the planner sees where nothing else stands in its way. */
const isAsked = ({ event, outcome, userId, addressKey }: Asked): Fragment =>
  join(
    [
      sql`true`,
      ...(event === null ? [] : [sql`event = ${event}`]),
      ...(outcome === null ? [] : [sql`outcome = ${outcome}`]),
      ...(userId === null ? [] : [sql`(user_id = ${userId} or subject_id = ${userId})`]),
      ...(addressKey === null ? [] : [sql`address_key = ${addressKey}`]),
    ],
    ' and ',
  );

/** When it happened, and its id. */
const EventKey = z.tuple([MomentKey, z.string().regex(/^\d{1,18}$/)]);
type EventKey = z.infer<typeof EventKey>;

const newestFirst: SortColumn[] = [
  { sql: 'security_events.at', type: 'timestamptz', descending: true },
  { sql: 'security_events.id', type: 'bigint', descending: true },
];

interface KeyedEvent extends SecurityEvent {
  moment: number;
}

interface Place {
  limit: number;
  after?: Fragment;
  offset?: number;
}

/** It has no name, so that it is planned for what is asked: one plan would do for all, and read all lines for some. */
export const eventsStatement = (
  asked: Asked,
  { limit, after = empty, offset = 0 }: Place,
): Statement<KeyedEvent> => sql`
    select id::text as id, ${isoTime('security_events.at')} as at, event, outcome, user_id, subject_id, address_key, detail,
      ${momentKey('security_events.at')} as moment
    from security_events where ${isAsked(asked)}${after}
    order by ${raw(orderOf(newestFirst))} limit ${limit}::bigint offset ${offset}::bigint`;

/** More lines than these are not counted: an attack may have written many times as many. */
const mostCounted = 100_000;

const totalStatement = (asked: Asked): Statement<{ total: number }> => sql`
  select count(*)::int as total from (
    select from security_events where ${isAsked(asked)} limit ${mostCounted}) counted`;

export interface SecurityEventReads {
  /** Newest first. What this process still holds is written before. */
  page(query: EventsQuery): Promise<{ events: SecurityEvent[]; meta: CursorPageMeta }>;
}

export function createSecurityEventReads(deps: {
  pool: Pool;
  security: Pick<SecurityLog, 'flush'>;
}): SecurityEventReads {
  const { pool, security } = deps;
  return {
    async page(query) {
      await security.flush();
      const { event = null, outcome = null, user_id: userId = null, address_key: addressKey = null } = query;
      const asked = { event, outcome, userId, addressKey };
      const { rows, meta } = await readCursorPage<KeyedEvent, EventKey>(query, {
        list: ['security events', event, outcome, userId, addressKey],
        key: EventKey,
        skip: (limit, offset) => queryInTurn(pool, eventsStatement(asked, { limit, offset })),
        follow: (limit, [moment, id]) =>
          queryInTurn(
            pool,
            eventsStatement(asked, {
              limit,
              after: sql` and ${isAfter(newestFirst, [momentOf(moment), id])}`,
            }),
          ),
        count: async () => (await selectOne(pool, totalStatement(asked), queryInTurn)).total,
        keyOf: ({ moment, id }) => [moment, id],
      });
      return { events: rows.map(({ moment: _moment, ...event }) => event), meta };
    },
  };
}
