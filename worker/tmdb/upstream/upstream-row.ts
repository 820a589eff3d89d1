import type { Pool } from 'pg';
import { z } from 'zod';
import { noticeChannel, noticePayloads } from '#shared/db/notices.ts';
import { countChanged, runStatement } from '#shared/db/run-statement.ts';
import { type Fragment, raw, sql } from '#shared/db/sql.ts';
import { type CircuitState, circuitStates } from '#shared/upstream/upstream.ts';

const Row = z.object({
  circuit: z.enum(circuitStates),
  reason: z.string().nullable(),
  retry_in_ms: z.number().nullable(),
  paused_for_ms: z.number().nullable(),
  open_for_ms: z.number().nullable(),
});

/** The row as of now: times as durations by the database's clock, since the processes' own may differ. */
export interface UpstreamSnapshot {
  circuit: CircuitState;
  reason: string | null;
  retryInMs: number;
  pausedForMs: number;
  openForMs: number;
}

/** The one row that all processes share, and the notice that tells of its changes. */
export interface UpstreamRow {
  read(): Promise<UpstreamSnapshot | undefined>;
  open(reason: string, retryInMs: number): Promise<void>;
  stop(reason: string, retryInMs: number): Promise<boolean>;
  close(): Promise<boolean>;
  /** @param lookInMs when to look into a long one */
  pause(ms: number, lookInMs: number | null): Promise<void>;
  endPause(): Promise<void>;
  /** True for one process at a time: it probes, and nobody else does for `leaseMs`. */
  claimProbe(leaseMs: number): Promise<boolean>;
  retryIn(ms: number): Promise<void>;
  noteSuccess(): Promise<void>;
}

const ms = (column: string) => sql`(extract(epoch from ${raw(column)}) * 1000)::double precision`;
const later = (inMs: number) => sql`now() + ${inMs}::double precision * interval '1 millisecond'`;

/** Something keeps calls back that a probe may find to be over. */
const isHeldUp = sql`(circuit <> 'closed' or paused_until > now())`;
/** A time further away than this was written while the clock was wrong. */
const farthest = sql`(now() + interval '1 hour')`;
const inTime = (column: 'retry_at' | 'paused_until') =>
  sql`case when ${raw(column)} <= ${farthest} + interval '1 minute' then ${ms(`${column} - now()`)} end`;

const readRow = sql`
  select circuit, reason, ${inTime('retry_at')} as retry_in_ms, ${inTime('paused_until')} as paused_for_ms,
    greatest(0, ${ms('now() - opened_at')}) as open_for_ms
  from upstream where id = 1`;

const [notice = ''] = noticePayloads({ kind: 'upstream' });

export function upstreamRow(pool: Pool): UpstreamRow {
  /** True if it changed anything, and then everybody is told. */
  const change = async (set: Fragment, where: Fragment) => {
    const told = await runStatement(
      pool,
      sql`
        with changed as (update upstream set ${set} where id = 1 and ${where} returning id)
        select pg_notify(${noticeChannel}, ${notice}) from changed`,
    );
    return told.length > 0;
  };
  return {
    read: async () => {
      const [row] = await runStatement(pool, readRow);
      return row === undefined ? undefined : snapshotOf(Row.parse(row));
    },
    open: async (reason, retryInMs) => {
      const set = sql`circuit = 'open', reason = ${reason}, opened_at = now(), retry_at = ${later(retryInMs)}`;
      await change(set, sql`circuit = 'closed'`);
    },
    stop: (reason, retryInMs) => {
      const set = sql`circuit = 'stopped', reason = ${reason}, opened_at = now(), retry_at = ${later(retryInMs)}`;
      return change(set, sql`circuit <> 'stopped'`);
    },
    close: () => {
      const set = sql`circuit = 'closed', reason = null, opened_at = null, retry_at = null, last_success_at = now()`;
      return change(set, sql`circuit <> 'closed'`);
    },
    pause: async (pauseForMs, lookInMs) => {
      const longer = sql`greatest(
        case when paused_until <= ${farthest} then paused_until end, ${later(pauseForMs)})`;
      const look =
        lookInMs === null
          ? sql``
          : sql`, retry_at = case when circuit = 'closed' then ${later(lookInMs)} else retry_at end`;
      await change(sql`paused_until = ${longer}${look}`, sql`true`);
    },
    endPause: async () => {
      const look = sql`case when circuit <> 'closed' then retry_at end`;
      await change(sql`paused_until = null, retry_at = ${look}`, sql`paused_until > now()`);
    },
    claimProbe: async (leaseMs) => {
      const claimed = await countChanged(
        pool,
        sql`
          update upstream set retry_at = ${later(leaseMs)}
          where id = 1 and ${isHeldUp} and (retry_at is null or retry_at <= now() or retry_at > ${farthest})`,
      );
      return claimed === 1;
    },
    retryIn: async (delayMs) => {
      await change(sql`retry_at = ${later(delayMs)}`, isHeldUp);
    },
    noteSuccess: async () => {
      await runStatement(
        pool,
        sql`
          update upstream set last_success_at = now() where id = 1
            and (last_success_at is null or last_success_at not between now() - interval '4 seconds' and now())`,
      );
    },
  };
}

function snapshotOf(row: z.output<typeof Row>): UpstreamSnapshot {
  return {
    circuit: row.circuit,
    reason: row.reason,
    retryInMs: row.retry_in_ms ?? 0,
    pausedForMs: row.paused_for_ms ?? 0,
    openForMs: row.open_for_ms ?? 0,
  };
}
