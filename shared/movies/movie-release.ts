import { defineEntity, p } from '@mikro-orm/core';
import { movieKey } from './movie-key.ts';

/** When a movie came out in a country, and for which age it is certified there: taken from the part `release_dates`. */
export const MovieRelease = defineEntity({
  name: 'MovieRelease',
  tableName: 'movie_releases',
  primaryKeys: ['movie', 'country'],
  properties: {
    movie: movieKey,
    /** `XX` */
    country: p.string().length(2).primary(),
    /** Of the first type that is known: in cinemas before on discs before on television. */
    release_date: p.date().nullable(),
    /** The strictest that says something, in the country's own words. */
    certification: p.text().nullable(),
    /** From which age that may be seen alone. Null where nothing is known of it. */
    min_age: p.smallint().nullable(),
  },
  indexes: [
    {
      name: 'movie_releases_release_date_index',
      expression:
        'create index movie_releases_release_date_index on movie_releases (country, release_date) include (movie_id) where release_date is not null',
    },
    {
      name: 'movie_releases_min_age_index',
      // For the lists of those who are younger.
      expression:
        'create index movie_releases_min_age_index on movie_releases (country, min_age) include (movie_id) where min_age > 0',
    },
  ],
});
