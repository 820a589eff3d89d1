import { defineEntity, p } from '@mikro-orm/core';
import { ownMovieKey } from '../movies/movie-key.ts';

/**
 * Which movies are like a detailed one by what they are about and who made them, as the job `content` found it. No row:
 * the movie is new, or its content has changed since. Many movies never have users who say more.
 */
export const ContentNeighbours = defineEntity({
  name: 'ContentNeighbours',
  tableName: 'content_neighbours',
  properties: {
    movie: ownMovieKey,
    /** The most alike, packed: see `neighbour-list.ts`. Scores are from 0 to 1, baselines 0. */
    neighbours: p.blob(),
  },
});

/** How many a movie keeps. */
export const maxContentNeighbours = 30;
