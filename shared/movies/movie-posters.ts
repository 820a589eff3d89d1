import { defineEntity, p } from '@mikro-orm/core';
import { ownMovieKey } from './movie-key.ts';

/** The first poster of a movie in each language that is kept: what lists show, without reading the part `images`. */
export const MoviePosters = defineEntity({
  name: 'MoviePosters',
  tableName: 'movie_posters',
  properties: {
    movie: ownMovieKey,
    /** Paths by the code of their language: `{ "de": "/x.jpg" }`. */
    posters: p.json<Record<string, string>>(),
  },
});
