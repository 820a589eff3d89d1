import { defineEntity, p } from '@mikro-orm/core';
import { Movie } from '../movies/movie.ts';

/** TMDb's lists of movies that each country has its own of. */
export const movieLists = ['popular', 'now_playing', 'top_rated', 'upcoming'] as const;
export type MovieList = (typeof movieLists)[number];

/** The lists as TMDb last gave them, rank kept. Each is swapped whole in one transaction. */
export const ListEntry = defineEntity({
  name: 'ListEntry',
  tableName: 'list_entries',
  primaryKeys: ['list', 'region', 'rank'],
  properties: {
    list: p.string().length(16).$type<MovieList>().primary(),
    /** ISO 3166-1 */
    region: p.string().length(2).primary(),
    rank: p.smallint().primary(),
    movie: () =>
      p
        .manyToOne(Movie)
        .joinColumn('movie_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('list_entries_movie_id_index'),
  },
  uniques: [{ name: 'list_entries_list_region_movie_id_unique', properties: ['list', 'region', 'movie'] }],
});
