import { z } from 'zod';
import { timeWindows } from '#shared/trending/trending-entry.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { pagedQuery } from '../http/input/page-query.ts';
import { MovieListItem } from '../movies/model.ts';

export const TrendingQuery = pagedQuery({
  ...localeParameters,
  window: z.enum(timeWindows, 'must be day or week').default('week'),
});
export type TrendingQuery = z.infer<typeof TrendingQuery>;

export const TrendingMovie = z.object({
  rank: z
    .int()
    .min(1)
    .meta({ description: "TMDb's rank. It stays the same if titles before it are left out." }),
  ...MovieListItem.shape,
});
export type TrendingMovie = z.infer<typeof TrendingMovie>;
describeSchema(TrendingMovie, {
  name: 'TrendingMovie',
  example: { rank: 1, ...exampleOf(MovieListItem) },
});
