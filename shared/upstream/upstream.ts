import { defineEntity, p } from '@mikro-orm/core';

/** `closed`: TMDb answers; `open`: it does not, work waits; `stopped`: it refuses our key, all work has ended. */
export const circuitStates = ['closed', 'open', 'stopped'] as const;
export type CircuitState = (typeof circuitStates)[number];

/** One row: which upstream filled this database, and how it is doing. What every process must agree on. */
export const Upstream = defineEntity({
  name: 'Upstream',
  tableName: 'upstream',
  properties: {
    id: p.smallint().primary().autoincrement(false),
    /** Which upstream filled this mirror; null until the first worker came. */
    identity: p.text().nullable(),
    circuit: p.string().length(16).$type<CircuitState>().default('closed'),
    /** A sentence for the operator. */
    reason: p.text().nullable(),
    opened_at: p.datetime().columnType('timestamptz').nullable(),
    /** When the next probe is due while the circuit is open. */
    retry_at: p.datetime().columnType('timestamptz').nullable(),
    /** After a 429: nobody calls before. */
    paused_until: p.datetime().columnType('timestamptz').nullable(),
    last_success_at: p.datetime().columnType('timestamptz').nullable(),
  },
  checks: [
    { name: 'upstream_one_row_check', expression: 'id = 1' },
    { name: 'upstream_circuit_check', expression: "circuit in ('closed', 'open', 'stopped')" },
  ],
});
