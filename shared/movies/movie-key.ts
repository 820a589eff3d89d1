import { p } from '@mikro-orm/core';
import { Movie } from './movie.ts';

/** The first part of the key of a table that has several rows a movie. They go when the movie goes. */
export const movieKey = () =>
  p
    .manyToOne(Movie)
    .joinColumn('movie_id')
    .primary()
    .deleteRule('cascade')
    .updateRule('no action')
    .index(false);

/** The key of a table that has one row a movie at most. It goes when the movie goes. */
export const ownMovieKey = () =>
  p.oneToOne(Movie).joinColumn('movie_id').primary().owner().deleteRule('cascade').updateRule('no action');

/** A movie that a user points at: it is never deleted, it can only become `gone` or `purged`. */
export const namedMovieKey = (index: string) =>
  p
    .manyToOne(Movie)
    .joinColumn('movie_id')
    .primary()
    .deleteRule('restrict')
    .updateRule('no action')
    .index(index);
