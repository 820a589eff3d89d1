import type { Pool } from 'pg';
import { z } from 'zod';
import { empty, type Fragment, type PlaceholdersOf, prepared, raw, sql } from '#shared/db/sql.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import type { CursorPageMeta } from '../http/answers/model.ts';
import { readCursorPage } from '../http/answers/read-cursor-page.ts';
import { isAfter, orderOf, type SortColumn } from '../store/keyset.ts';
import { MomentKey, momentKey, momentOf } from '../store/moments.ts';
import { queryStore } from '../store/query-store.ts';
import { selectOne } from '../store/select-one.ts';
import type { EventsQuery, SecurityEvent } from './model.ts';
import type { SecurityLog } from './security-log.ts';

interface Asked {
  event: string | null;
  outcome: string | null;
  userId: string | null;
  addressKey: string | null;
}

const isAsked = ({ event, outcome, userId, addressKey }: PlaceholdersOf<Asked>) => sql`
  (${event}::text is null or event = ${event}) and (${outcome}::text is null or outcome = ${outcome})
  and (${userId}::text is null or user_id = ${userId} or subject_id = ${userId})
  and (${addressKey}::text is null or address_key = ${addressKey})`;

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

const rowsOf = (asked: PlaceholdersOf<Asked & { limit: number }>, after: Fragment = empty): Fragment => sql`
    select id::text as id, ${isoTime('security_events.at')} as at, event, outcome, user_id, subject_id, address_key, detail,
      ${momentKey('security_events.at')} as moment
    from security_events where ${isAsked(asked)}${after}
    order by ${raw(orderOf(newestFirst))} limit ${asked.limit}::bigint`;

const pageStatement = prepared<Asked & { limit: number; offset: number }, KeyedEvent>(
  'api-security-events',
  (asked) => sql`${rowsOf(asked)} offset ${asked.offset}::bigint`,
);
const pageAfterStatement = prepared<Asked & { limit: number; moment: number; id: string }, KeyedEvent>(
  'api-security-events-after',
  (asked) => rowsOf(asked, sql` and ${isAfter(newestFirst, [momentOf(asked.moment), asked.id])}`),
);

const totalStatement = prepared<Asked, { total: number }>(
  'api-security-events-total',
  (asked) => sql`select count(*)::int as total from security_events where ${isAsked(asked)}`,
);

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
        skip: (limit, offset) => queryStore(pool, pageStatement({ ...asked, limit, offset })),
        follow: (limit, [moment, id]) =>
          queryStore(pool, pageAfterStatement({ ...asked, limit, moment, id })),
        count: async () => (await selectOne(pool, totalStatement(asked))).total,
        keyOf: ({ moment, id }) => [moment, id],
      });
      return { events: rows.map(({ moment: _moment, ...event }) => event), meta };
    },
  };
}
