import { defineEntity, p } from '@mikro-orm/core';

/** What all workers together have counted since the database was made, in the words of Prometheus' text format. */
export const MetricTotal = defineEntity({
  name: 'MetricTotal',
  tableName: 'metric_totals',
  properties: {
    name: p.string().length(96).primary(),
    /** As they stand between the braces: `job="details",outcome="done"`. */
    labels: p.string().length(255).primary(),
    value: p.float().columnType('double precision'),
  },
});
