import { defineEntity, p } from '@mikro-orm/core';
import { ownMovieKey } from './movie-key.ts';

/**
 * A detailed movie as readers get it, ready as JSON text: one row to read however large its cast is. Written by the
 * worker with the rows it says again, in the same transaction. Image URLs are not in it: where images are is a
 * setting of the api.
 */
export const MovieDocument = defineEntity({
  name: 'MovieDocument',
  tableName: 'movie_documents',
  properties: {
    movie: ownMovieKey,
    document: p.text(),
    /** Which fields it holds: `documentVersion`, or another where it was written before these were chosen. */
    version: p.integer().default(0),
  },
  // What is old is found by it, a slice at a time.
  indexes: [{ name: 'movie_documents_version_index', properties: ['version', 'movie'] }],
});
