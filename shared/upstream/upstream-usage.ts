import { defineEntity, p } from '@mikro-orm/core';

/** How many requests TMDb answered in a minute, by endpoint (its template, never a URL) and HTTP status or `failed`. */
export const UpstreamRequests = defineEntity({
  name: 'UpstreamRequests',
  tableName: 'upstream_requests',
  properties: {
    minute: p.datetime().columnType('timestamptz').primary(),
    endpoint: p.string().length(64).primary(),
    status: p.string().length(16).primary(),
    requests: p.integer(),
  },
});

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
