import { defineEntity, p } from '@mikro-orm/core';
import { namedMovieKey } from '../movies/movie-key.ts';
import { ownerKey } from './owner-key.ts';
import { tasteTriggers } from './taste-triggers.ts';

export const ratingBounds = { least: 0.5, most: 5 } as const;

/** How many stars of five a user gave a movie. By itself it says neither liked nor disliked. */
export const UserMovieRating = defineEntity({
  name: 'UserMovieRating',
  tableName: 'user_movie_ratings',
  primaryKeys: ['user', 'movie'],
  triggers: tasteTriggers('user_movie_ratings'),
  properties: {
    user: ownerKey,
    movie: () => namedMovieKey('user_movie_ratings_movie_id_index'),
    /** In hundredths: what lies between two halves is kept as it is. */
    rating: p.decimal().precision(3).scale(2),
    rated_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** False for a row of an import that named no day: any rating with one stands against it. */
    is_dated: p.boolean().default(true),
  },
  checks: [
    {
      name: 'user_movie_ratings_rating_check',
      expression: `rating >= ${ratingBounds.least.toFixed(1)} and rating <= ${ratingBounds.most.toFixed(1)}`,
    },
  ],
});
