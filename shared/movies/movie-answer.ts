import { defineEntity, p } from '@mikro-orm/core';
import { ownMovieKey } from './movie-key.ts';

/**
 * A detailed movie as the api answers with it in English and for the US: what most reads need, and nearly all
 * that any other needs. Written by the worker with what it is made of, in the same transaction.
 */
export const MovieAnswer = defineEntity({
  name: 'MovieAnswer',
  tableName: 'movie_answers',
  properties: {
    movie: ownMovieKey,
    /** As `stored-answer.ts` writes it. */
    answer: p.text(),
    /** `answerVersion` when it was made. */
    version: p.integer(),
    // Those of its movie when it was made. With others it is outdated.
    content_hash: p.string().length(32),
    parts_hash: p.bigint(),
    parts_version: p.integer(),
  },
});
