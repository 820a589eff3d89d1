import { defineEntity, p } from '@mikro-orm/core';
import { movieKey } from './movie-key.ts';
import type { MoviePartName } from './movie-parts.ts';

/**
 * What TMDb answered of a detailed movie, part by part and as it was sent: what answers in TMDb's own form are made
 * of. An empty part has no row. Written by the worker with the rows it maps it to, in the same transaction.
 */
export const MoviePart = defineEntity({
  name: 'MoviePart',
  tableName: 'movie_parts',
  primaryKeys: ['movie', 'part'],
  properties: {
    movie: movieKey,
    part: p.string().length(20).$type<MoviePartName>().primary(),
    /** Of the text, so that a part which TMDb sends again is not written again. */
    hash: p.bigint(),
    /** The text as `stored-parts.ts` packs it. */
    body: p.blob(),
    /** When TMDb gave it, if that is longer ago than the movie's `fetched_at`: it was unreadable since. */
    fetched_at: p.datetime().columnType('timestamptz').nullable(),
  },
  indexes: [
    {
      name: 'movie_parts_fetched_at_index',
      expression:
        'create index movie_parts_fetched_at_index on movie_parts (fetched_at) where fetched_at is not null',
    },
  ],
});
