import { defineEntity, p } from '@mikro-orm/core';

/**
 * The movies that have a common term (`term-codes.ts`), one bit for each of TMDb's ids: a long list is found by looking at
 * bits, and no id is read. The job `terms` makes all of them anew; a term without a row is looked up in `movie_terms`.
 */
export const CommonTerms = defineEntity({
  name: 'CommonTerms',
  tableName: 'common_terms',
  properties: {
    term: p.bigint('number').primary().autoincrement(false),
    /** It says something of ids below this: as many bits as each row has. */
    reach: p.integer(),
    /** The first bit is that of id 0. */
    movies: p.string().columnType('varbit'),
    /** Of the row of what is shown (`movie-bits.ts`): what was written before this hour, counted from 1970, is in the bits of all. */
    notedHour: p.integer(),
  },
});
