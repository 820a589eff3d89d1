import { defineEntity, p } from '@mikro-orm/core';
import { namedMovieKey } from '../movies/movie-key.ts';
import { ownerKey } from './owner-key.ts';
import { tasteTriggers } from './taste-triggers.ts';

/** A favourite movie; perhaps one that the mirror has yet to fetch. */
export const UserMoviePreference = defineEntity({
  name: 'UserMoviePreference',
  tableName: 'user_movie_preferences',
  triggers: tasteTriggers('user_movie_preferences'),
  primaryKeys: ['user', 'movie'],
  properties: {
    user: ownerKey,
    movie: () => namedMovieKey('user_movie_preferences_movie_id_index'),
    /** The user's order. */
    position: p.smallint(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
