import { defineEntity, p } from '@mikro-orm/core';

/** What was counted in large tables the last time: for all processes, and for those that start. */
export const CountedFigures = defineEntity({
  name: 'CountedFigures',
  tableName: 'counted_figures',
  properties: {
    name: p.string().length(32).primary(),
    figures: p.json<object>().columnType('json'),
    counted_at: p.datetime().columnType('timestamptz'),
    took_ms: p.float().columnType('double precision'),
  },
});
