import { defineEntity, p } from '@mikro-orm/core';
import { Movie } from '../movies/movie.ts';
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
    movie: () =>
      p
        .manyToOne(Movie)
        .joinColumn('movie_id')
        .primary()
        .deleteRule('restrict')
        .updateRule('no action')
        .index('user_movie_preferences_movie_id_index'),
    /** The user's order. */
    position: p.smallint(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
