import { defineEntity, p } from '@mikro-orm/core';

/**
 * Ids for which TMDb answered "no such movie": the negative cache of readers, and the first of the two
 * answers, a day apart, that make a mirrored movie `gone`. A successful fetch removes the row.
 */
export const MovieAbsence = defineEntity({
  name: 'MovieAbsence',
  tableName: 'movie_absences',
  properties: {
    tmdb_id: p.integer().primary().autoincrement(false),
    first_seen_at: p.datetime().columnType('timestamptz'),
    last_seen_at: p.datetime().columnType('timestamptz'),
  },
  indexes: [{ name: 'movie_absences_last_seen_at_index', properties: ['last_seen_at'] }],
});
