import type { Pool } from 'pg';
import { type PlaceholdersOf, prepared, sql } from '#shared/db/sql.ts';
import { isoTime } from '../http/answers/iso-time.ts';
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

const pageStatement = prepared<Asked & { limit: number; offset: number }, SecurityEvent>(
  'api-security-events',
  (asked) => sql`
    select id::text as id, ${isoTime('security_events.at')} as at, event, outcome, user_id, subject_id, address_key, detail
    from security_events where ${isAsked(asked)}
    order by security_events.at desc, security_events.id desc
    limit ${asked.limit}::bigint offset ${asked.offset}::bigint`,
);

const totalStatement = prepared<Asked, { total: number }>(
  'api-security-events-total',
  (asked) => sql`select count(*)::int as total from security_events where ${isAsked(asked)}`,
);

export interface SecurityEventReads {
  /** Newest first. What this process still holds is written before. */
  page(query: EventsQuery): Promise<{ events: SecurityEvent[]; total: number }>;
}

export function createSecurityEventReads(deps: {
  pool: Pool;
  security: Pick<SecurityLog, 'flush'>;
}): SecurityEventReads {
  const { pool, security } = deps;
  return {
    async page({ page, limit, event = null, outcome = null, user_id = null, address_key = null }) {
      await security.flush();
      const asked = { event, outcome, userId: user_id, addressKey: address_key };
      const [events, { total }] = await Promise.all([
        queryStore(pool, pageStatement({ ...asked, limit, offset: (page - 1) * limit })),
        selectOne(pool, totalStatement(asked)),
      ]);
      return { events, total };
    },
  };
}
