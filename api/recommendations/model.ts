import { z } from 'zod';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { InLanguage, PageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { pagedQuery } from '../http/input/page-query.ts';
import { wholeNumber } from '../http/input/whole-number.ts';
import { MovieListItem } from '../movies/model.ts';

export const strategies = ['personalized', 'preferences', 'cold_start'] as const;
export type Strategy = (typeof strategies)[number];

export const reasonTypes = [
  'liked_movie',
  'favorite_movie',
  'watched_movie',
  'bookmarked_movie',
  'tmdb_recommendation',
  'tmdb_similar',
  'collection',
  'genre',
  'actor',
  'popular',
  'well_rated',
  'in_catalogue',
] as const;

export const RecommendationReason = z.object({
  type: z.enum(reasonTypes),
  id: z.int().meta({ description: 'The id of the movie, genre, person or collection in `name`.' }),
  name: z.string(),
  text: z.string().meta({ description: 'The reason in words, to show to the user.' }),
});
export type RecommendationReason = z.infer<typeof RecommendationReason>;

export const partNames = [
  'neighbours',
  'transitions',
  'tmdb',
  'content',
  'collection',
  'genres',
  'taste',
  'actors',
  'language',
  'dislikes',
  'appeal',
  'recency',
  'series',
  'variety',
] as const;
export type PartName = (typeof partNames)[number];

const Parts = z.object(
  Object.fromEntries(partNames.map((name) => [name, z.number()])) as Record<PartName, z.ZodNumber>,
);

export const Recommendation = z.object({
  movie: MovieListItem,
  score: z.number(),
  reasons: z.array(RecommendationReason),
  parts: Parts.optional().meta({ description: 'With `explain=true`: the parts that add up to the score.' }),
});
export type Recommendation = z.infer<typeof Recommendation>;
describeSchema(Recommendation, {
  name: 'Recommendation',
  example: {
    movie: exampleOf(MovieListItem),
    score: 0.82,
    reasons: [{ type: 'genre', id: 18, name: 'Drama', text: 'Drama, one of your genres' }],
  },
});

export const RecommendationsMeta = z.object({
  strategy: z.enum(strategies),
  page: z.int().min(1),
  limit: z.int().min(1).max(100),
  total_results: z.int().min(0),
  total_pages: z.int().min(0),
  ...InLanguage.shape,
});
export type RecommendationsMeta = z.infer<typeof RecommendationsMeta>;
describeSchema(RecommendationsMeta, {
  name: 'RecommendationsMeta',
  example: { strategy: 'preferences', ...exampleOf(PageMeta), ...exampleOf(InLanguage) },
});

const flag = () =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true')
    .pipe(z.boolean());

export const RecommendationsQuery = pagedQuery({
  ...localeParameters,
  genre: wholeNumber(1, 2_147_483_647).optional().meta({ description: 'Only movies of this genre.' }),
  unreleased: flag().meta({ description: 'With `true`, also movies that have not been released yet.' }),
  explain: flag(),
});
export type RecommendationsQuery = z.infer<typeof RecommendationsQuery>;

/** More say hardly more, and each costs a look. */
const most = { movies: 50, genres: 10 };

const idsMessage = (what: string, count: number) =>
  `must be up to ${count} ${what} ids from 1 to ${maxTmdbId}, separated by commas`;

function ids(what: 'movie' | 'genre', count: number) {
  const message = idsMessage(what, count);
  return z
    .string(message)
    .regex(/^\d{1,10}(,\d{1,10})*$/, message)
    .transform((text) => [...new Set(text.split(',').map(Number))])
    .refine((all) => all.length <= count && all.every((id) => id >= 1 && id <= maxTmdbId), message)
    .pipe(z.array(z.number()))
    .optional();
}

export const AskedRecommendationsQuery = pagedQuery({
  ...localeParameters,
  movies: ids('movie', most.movies).meta({
    description: `Up to ${most.movies} TMDb ids of movies that are liked, separated by commas, the most important ones first. Movies that the mirror does not know are ignored.`,
  }),
  genres: ids('genre', most.genres).meta({
    description: `Up to ${most.genres} genre ids, separated by commas. An unknown genre is refused with 422.`,
  }),
});
export type AskedRecommendationsQuery = z.infer<typeof AskedRecommendationsQuery>;
