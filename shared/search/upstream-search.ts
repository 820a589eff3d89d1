import { defineEntity, p } from '@mikro-orm/core';

/** Searches that TMDb was asked, because the mirror had little: none is asked again soon, and a day has so many. */
export const UpstreamSearch = defineEntity({
  name: 'UpstreamSearch',
  tableName: 'upstream_searches',
  properties: {
    /** What is looked for, as `shared/search/upstream-search-key.ts` writes it. */
    key: p.string().length(200).primary(),
    asked_at: p.datetime().columnType('timestamptz'),
    /** How many rows TMDb had; null: it has not answered. */
    found: p.integer().nullable(),
  },
  indexes: [{ name: 'upstream_searches_asked_at_index', properties: ['asked_at'] }],
});
