import { defineEntity, p } from '@mikro-orm/core';
import { ownMovieKey } from '../movies/movie-key.ts';

/**
 * What this service's users made of a movie, as the job `neighbours` last computed it. Swapped whole in one
 * transaction: all rows are of one computation.
 */
export const MovieNeighbours = defineEntity({
  name: 'MovieNeighbours',
  tableName: 'movie_neighbours',
  properties: {
    movie: ownMovieKey,
    /** How many users liked or watched it. */
    users: p.integer(),
    /** A like counts one, having only watched it half. */
    weight: p.float().columnType('real'),
    /** The best neighbours, packed: see `neighbour-list.ts`. */
    neighbours: p.blob(),
    /** What people go on to like or watch after it, packed likewise; null before the first computation that has it. */
    transitions: p.blob().nullable(),
  },
  indexes: [
    {
      name: 'movie_neighbours_weight_index',
      expression:
        'create index movie_neighbours_weight_index on movie_neighbours (weight desc, movie_id) include (users)',
    },
  ],
});
