import { defineEntity, p } from '@mikro-orm/core';
import { Movie } from '../movies/movie.ts';

export const timeWindows = ['day', 'week'] as const;
export type TimeWindow = (typeof timeWindows)[number];

/** The lists as TMDb last gave them, rank kept. Swapped whole in one transaction. */
export const TrendingEntry = defineEntity({
  name: 'TrendingEntry',
  tableName: 'trending_entries',
  primaryKeys: ['time_window', 'rank'],
  properties: {
    time_window: p.string().length(8).$type<TimeWindow>().primary(),
    rank: p.smallint().primary(),
    movie: () =>
      p
        .manyToOne(Movie)
        .joinColumn('movie_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('trending_entries_movie_id_index'),
  },
  uniques: [{ name: 'trending_entries_time_window_movie_id_unique', properties: ['time_window', 'movie'] }],
  checks: [{ name: 'trending_entries_time_window_check', expression: "time_window in ('day', 'week')" }],
});
