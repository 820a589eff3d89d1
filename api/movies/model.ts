import { z } from 'zod';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { queryObject } from '../http/input/query-object.ts';
import { wholeNumber } from '../http/input/whole-number.ts';
import { exampleListItem, exampleMovie } from './example-movie.ts';

const NamedId = z.object({ id: z.int(), name: z.string() });
const text = z.string().nullable();

/** What the caller has said of a movie. */
export const ViewerFlags = z
  .object({
    liked: z.boolean(),
    disliked: z.boolean(),
    bookmarked: z.boolean(),
    watched: z.boolean(),
    hidden: z.boolean().meta({ description: 'Never to be recommended to you again.' }),
    rating: z.number().nullable().meta({ description: 'Your rating, from 0.5 to 5.' }),
  })
  .meta({ description: 'Only for signed-in callers.' });

/** A movie as it stands in every list. */
export const MovieListItem = z.object({
  tmdb_id: z.int(),
  title: z.string(),
  original_title: text,
  overview: text,
  release_date: z.iso.date().nullable(),
  poster_path: text,
  backdrop_path: text,
  genres: z.array(NamedId),
  popularity: z.number().nullable(),
  vote_average: z.number().nullable(),
  vote_count: z.int().nullable(),
  adult: z.boolean().nullable(),
  viewer: ViewerFlags.optional(),
});
export type MovieListItem = z.infer<typeof MovieListItem>;
describeSchema(MovieListItem, {
  name: 'MovieListItem',
  example: exampleListItem,
});

const Images = z.object({
  poster: z.object({ w185: z.url(), w342: z.url(), w500: z.url(), original: z.url() }).nullable(),
  backdrop: z.object({ w300: z.url(), w780: z.url(), w1280: z.url(), original: z.url() }).nullable(),
});

const CastMember = NamedId.extend({ character: text, order: z.int().nullable(), profile_path: text });

/** A movie in full. */
export const Movie = MovieListItem.omit({ viewer: true }).extend({
  tagline: text,
  runtime: z.int().nullable(),
  status: text,
  original_language: text,
  imdb_id: text,
  homepage: text,
  certification: text.meta({ description: 'The certification in the United States.' }),
  collection: NamedId.nullable(),
  directors: z.array(NamedId),
  cast: z.array(CastMember),
  keywords: z.array(NamedId),
  trailers: z.array(z.object({ site: z.string(), key: z.string(), name: z.string() })),
  images: Images,
  viewer: ViewerFlags.optional(),
});
export type Movie = z.infer<typeof Movie>;
describeSchema(Movie, {
  name: 'Movie',
  example: exampleMovie,
});

const RelationReason = z.object({
  type: z.enum([
    'tmdb_recommendation',
    'tmdb_similar',
    'liked_together',
    'collection',
    'director',
    'actor',
    'keyword',
    'genre',
  ]),
  id: z.int(),
  name: z.string(),
  text: z.string(),
});

export const RelatedMovie = z.object({
  movie: MovieListItem,
  score: z
    .number()
    .min(0)
    .meta({ description: 'How strongly the two are related. Only the order of scores has a meaning.' }),
  reasons: z.array(RelationReason),
});
describeSchema(RelatedMovie, {
  name: 'RelatedMovie',
  example: {
    movie: exampleOf(MovieListItem),
    score: 0.64,
    reasons: [{ type: 'genre', id: 18, name: 'Drama', text: 'Also Drama' }],
  },
});

export type RelatedMovie = z.infer<typeof RelatedMovie>;

export const RelatedQuery = queryObject({ limit: wholeNumber(1, 100).default(20) });
