import { defineEntity, p } from '@mikro-orm/core';

/** How many calls the limiter let through in a minute, and how long they had waited for that in all. */
export const UpstreamWaits = defineEntity({
  name: 'UpstreamWaits',
  tableName: 'upstream_waits',
  properties: {
    minute: p.datetime().columnType('timestamptz').primary(),
    granted: p.integer(),
    waited_ms: p.float().columnType('double precision'),
  },
});
