import { defineEntity, p } from '@mikro-orm/core';

/**
 * TMDb's ids of movies, as the job `terms` notes them beside the bits of common terms: those that have a rarer term
 * (`term-codes.ts`), all in each order of `discover`, and all by their release in a country (`noted-lists.ts`).
 */
export const NotedIds = defineEntity({
  name: 'NotedIds',
  tableName: 'noted_ids',
  properties: {
    term: p.bigint('number').primary().autoincrement(false),
    /** Four bytes for each number, the highest first. */
    ids: p.blob(),
  },
});
