import { defineEntity, p } from '@mikro-orm/core';
import { Genre } from '../genres/genre.ts';
import { movieKey } from './movie-key.ts';

export const MovieGenre = defineEntity({
  name: 'MovieGenre',
  tableName: 'movie_genres',
  primaryKeys: ['movie', 'genre'],
  properties: {
    movie: movieKey,
    genre: () =>
      p
        .manyToOne(Genre)
        .joinColumn('genre_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    /** TMDb's order. */
    position: p.smallint(),
  },
  // With the movies in it and in their order: those of one genre are counted, and of several joined, by it alone.
  indexes: [{ name: 'movie_genres_genre_id_index', properties: ['genre', 'movie'] }],
  // Writers set the bits with the movie, so that this finds nothing to write: it is for those that forget.
  triggers: [
    {
      name: 'movie_genres_keep_bits',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger movie_genres_keep_bits after insert on movie_genres referencing new table as changed for each statement execute function keep_genre_bits()',
    },
  ],
});
