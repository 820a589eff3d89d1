import { defineEntity, p } from '@mikro-orm/core';

/**
 * When somebody last named or read a movie that `details` keeps fresh for that reason (scope 1), to the day. The api
 * notes what is read, the worker the rest. What has no row yet gets one with the next purge.
 */
export const MovieUse = defineEntity({
  name: 'MovieUse',
  tableName: 'movie_uses',
  properties: {
    tmdb_id: p.integer().primary().autoincrement(false),
    /** UTC. */
    used_on: p.date(),
  },
  indexes: [{ name: 'movie_uses_used_on_index', properties: ['used_on'] }],
});
