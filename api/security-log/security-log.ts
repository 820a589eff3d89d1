import { createHmac, hkdfSync } from 'node:crypto';
import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Log } from '#shared/log.ts';
import { requestContext } from '#shared/request-context.ts';
import type { SecurityEventName, SecurityOutcome } from '#shared/security/security-event.ts';
import { addressKey, laneKey } from '../http/throttles/throttle-key.ts';
import { queryStore } from '../store/query-store.ts';
import { createEventBudget } from './event-budget.ts';

export interface SecurityRecord {
  event: SecurityEventName;
  outcome: SecurityOutcome;
  /** Who did it, as far as that is known. */
  userId?: string | undefined;
  /** Whose account it was done to, where that is somebody else's. */
  subjectId?: string | undefined;
  address: string;
  detail?: string | undefined;
}

/** Who did what, for administrators. It never fails a request and never makes one wait. */
export interface SecurityLog {
  record(record: SecurityRecord): void;
  /** Writes what waits. Does not throw. */
  flush(): Promise<void>;
  /** What stands in the log for a user who is gone. */
  keyOfDeleted(userId: string): string;
}

interface SecurityLogDeps {
  pool: Pool;
  log: Log;
  /** Hashes in the log are keyed with it. */
  secret: string;
  /** From then on nothing waits for a full batch. */
  stopping: AbortSignal;
  now: () => number;
}

const flushMs = 500;
/** After a failure the store gets some time. */
const retryMs = 5000;
const maxDetail = 200;

interface Line {
  at: string;
  event: SecurityEventName;
  outcome: SecurityOutcome;
  user_id: string | null;
  user_key: string | null;
  subject_id: string | null;
  subject_key: string | null;
  address_key: string | null;
  detail: string | null;
}

/**
 * An event may be written after its user was deleted. Such a user is waited for and found gone here, or this line is
 * there when the deletion looks for lines.
 */
const writeStatement = prepared<{ lines: string }>(
  'api-write-security-events',
  ({ lines }) => sql`
    with given as materialized (
      select row_number() over () as position, g.* from json_to_recordset(${lines}::json) as g(at timestamptz, event text, outcome text,
        user_id uuid, user_key text, subject_id uuid, subject_key text, address_key text, detail text)
    ), alive as materialized (
      select id from users where id in (select user_id from given union select subject_id from given)
      order by id for key share
    )
    insert into security_events (at, event, outcome, user_id, subject_id, address_key, detail)
    select at, event, outcome,
      case when user_id in (select id from alive) then user_id::text else user_key end,
      case when subject_id in (select id from alive) then subject_id::text else subject_key end,
      address_key, detail
    from given order by position`,
);

/** In the transaction that deletes the user, after the deletion. */
export const forgetUserStatement = prepared<{ userId: string; key: string }>(
  'api-forget-user-in-security-events',
  ({ userId, key }) => sql`
    update security_events set user_id = case when user_id = ${userId} then ${key} else user_id end,
      subject_id = case when subject_id = ${userId} then ${key} else subject_id end
    where user_id = ${userId} or subject_id = ${userId}`,
);

export function createSecurityLog({ pool, log, secret, stopping, now }: SecurityLogDeps): SecurityLog {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'nexus security log', 32));
  const keyed = (text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
  const keyOfDeleted = (userId: string) => `deleted-${keyed(`user:${userId}`)}`;
  const budget = createEventBudget(now);
  let waiting: Line[] = [];
  let writing = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = 0;

  /** A clock that is put right by less than a second does not turn the order of events round. */
  const atMs = () => {
    const nowMs = now();
    lastMs = nowMs < lastMs && lastMs - nowMs < 1000 ? lastMs : nowMs;
    return lastMs;
  };
  const lineOf = ({ event, outcome, userId, subjectId, address, detail }: SecurityRecord): Line => ({
    at: new Date(atMs()).toISOString(),
    event,
    outcome,
    user_id: userId ?? null,
    user_key: userId === undefined ? null : keyOfDeleted(userId),
    subject_id: subjectId ?? null,
    subject_key: subjectId === undefined ? null : keyOfDeleted(subjectId),
    address_key: address === '' ? null : keyed(addressKey(address)),
    detail: detail === undefined ? null : plain(detail).slice(0, maxDetail),
  });

  const schedule = (ms: number) => {
    timer ??= setTimeout(() => void flush(), stopping.aborted ? 0 : ms);
  };

  const write = async () => {
    clearTimeout(timer);
    timer = undefined;
    const dropped = budget.takeDropped();
    const batch = waiting;
    waiting = [];
    if (dropped > 0)
      batch.push(lineOf({ event: 'events_dropped', outcome: 'done', address: '', detail: String(dropped) }));
    if (batch.length === 0) return;
    try {
      await queryStore(pool, writeStatement({ lines: JSON.stringify(batch) }));
    } catch (error) {
      log.warn({ err: error, events: batch.length }, 'the security log could not be written');
      // At a stop nobody comes back to it.
      if (stopping.aborted) return;
      waiting = budget.keep([...batch, ...waiting]);
      schedule(retryMs);
    }
  };

  /** One after the other; whoever waits for it waits for those before, too. */
  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };
  stopping.addEventListener('abort', () => void flush(), { once: true });

  return {
    keyOfDeleted,
    flush,
    record(record) {
      const line = lineOf(record);
      const kind = record.event === 'throttle' ? 'throttle' : record.outcome;
      const event = { of: kind, place: laneKey(record.address), repeated: ownActOf(record) } as const;
      if (!budget.take(event, waiting.length)) return schedule(flushMs);
      waiting.push(line);
      const { user_key: _user, subject_key: _subject, at: _at, ...said } = line;
      log.info({ request_id: requestContext.getStore()?.requestId, ...said }, 'security event');
      schedule(flushMs);
    },
  };
}

/** What only administrators do, also where it is done to nobody. */
const adminActs: ReadonlySet<SecurityEventName> = new Set([
  'role_change',
  'lock',
  'unlock',
  'reset_link',
  'key_issue',
  'key_revoke',
  'sync_request',
  'failure_replay',
  'queue_action',
  'movie_merge',
  'movie_fetch',
]);

const ownActOf = ({ event, userId, subjectId }: SecurityRecord): string | undefined =>
  subjectId !== undefined || adminActs.has(event) ? undefined : `${event} ${userId ?? ''}`;

/** What PostgreSQL and a terminal can hold. */
const plain = (text: string) => text.toWellFormed().replaceAll(/\p{Cc}/gu, '?');
