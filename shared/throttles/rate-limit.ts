import { defineEntity, p } from '@mikro-orm/core';

/** What callers have used of their limits, where there is no Redis; in the form that `rate-limiter-flexible` reads. */
export const RateLimit = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limits',
  properties: {
    key: p.string().length(255).primary(),
    points: p.integer().default(0),
    /** Epoch milliseconds. */
    expire: p.bigint().nullable(),
  },
});
