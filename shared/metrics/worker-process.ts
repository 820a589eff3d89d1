import { defineEntity, p } from '@mikro-orm/core';

/** A worker that lives, as it said itself a moment ago. One that ends in order takes its row along. */
export const WorkerProcess = defineEntity({
  name: 'WorkerProcess',
  tableName: 'worker_processes',
  properties: {
    id: p.uuid().primary(),
    host: p.string().length(255),
    pid: p.integer(),
    started_at: p.datetime().columnType('timestamptz'),
    seen_at: p.datetime().columnType('timestamptz'),
    /** The longest of the last ten seconds. */
    event_loop_lag_ms: p.float().columnType('double precision'),
    resident_bytes: p.bigint('number'),
    /** The calls a second to TMDb that it takes all workers together to be allowed; null before it says so. */
    max_rps: p.integer().nullable(),
    /** How far its own clock is ahead of the database's; negative if it is behind. */
    clock_ahead_ms: p.float().columnType('double precision').default(0),
  },
});
