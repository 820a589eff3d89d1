import { t } from 'elysia';
import { z } from 'zod';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { queryObject } from '../http/input/query-object.ts';
import { wholeNumber } from '../http/input/whole-number.ts';
import { exampleListItem, exampleMovie } from './example-movie.ts';

const NamedId = z.object({ id: z.int(), name: z.string() });
const text = z.string().nullable();
const url = z.url().nullable();

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
  poster_url: url,
  backdrop_url: url,
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

const CastMember = NamedId.extend({
  character: text,
  order: z.int().nullable(),
  profile_path: text,
  profile_url: url,
});

const CrewMember = NamedId.extend({
  department: text,
  job: text,
  profile_path: text,
  profile_url: url,
});

const day = z.iso.date().nullable();
const CountryReleases = z.object({
  iso_3166_1: z.string(),
  release_dates: z.array(
    z.object({
      type: z.int().nullable().meta({
        description: '1 premiere, 2 limited, 3 in cinemas, 4 digital, 5 physical, 6 on television.',
      }),
      release_date: day,
      certification: text,
      iso_639_1: text,
      note: text,
    }),
  ),
});

const Provider = z.object({
  provider_id: z.int(),
  provider_name: z.string(),
  logo_path: text,
  display_priority: z.int().nullable(),
});
const offered = z.array(Provider);

/** Where a movie can be watched in one country. */
const Providers = z.object({
  region: z.string(),
  source: z.literal('JustWatch').meta({ description: 'Whose data it is. Name them where you show it.' }),
  link: text.meta({ description: 'TMDb’s page with the offers. Lead there where you show them.' }),
  flatrate: offered,
  free: offered,
  ads: offered,
  rent: offered,
  buy: offered,
});

const Video = z.object({
  site: z.string(),
  key: z.string(),
  name: text,
  type: text,
  official: z.boolean().nullable(),
  size: z.int().nullable(),
  iso_639_1: text,
  iso_3166_1: text,
  published_at: text,
});

const Company = NamedId.extend({ logo_path: text, origin_country: text });

/** A movie in full. */
export const Movie = MovieListItem.omit({ viewer: true }).extend({
  tagline: text,
  runtime: z.int().nullable(),
  status: text,
  original_language: text,
  imdb_id: text,
  homepage: text,
  certification: text.meta({
    description: 'The certification in the region: of several the strictest that says something.',
  }),
  collection: NamedId.nullable(),
  directors: z.array(NamedId),
  cast: z.array(CastMember),
  keywords: z.array(NamedId),
  trailers: z.array(z.object({ site: z.string(), key: z.string(), name: z.string() })),
  crew: z.array(CrewMember),
  budget: z.int().nullable().meta({ description: 'In US dollars.' }),
  revenue: z.int().nullable().meta({ description: 'In US dollars.' }),
  images: Images,
  countries: z.array(z.object({ iso_3166_1: z.string(), name: z.string() })).meta({
    description: 'Where it was produced.',
  }),
  companies: z.array(Company),
  spoken_languages: z.array(z.object({ iso_639_1: z.string(), english_name: text, name: text })),
  translations: z.array(z.string()).meta({ description: 'The languages that texts of it are kept in.' }),
  alternative_titles: z.array(z.object({ iso_3166_1: text, title: z.string(), type: text })),
  release_dates: z.array(CountryReleases).meta({ description: 'Of all countries.' }),
  providers: Providers.nullable().meta({
    description: 'Where it can be watched in the region. Null if TMDb names no offer there.',
  }),
  videos: z.array(Video),
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

export const MovieQuery = queryObject(localeParameters);
export type MovieQuery = z.output<typeof MovieQuery>;
/** The same for the busiest route, which cannot afford a schema: described alike, checked by `checkedQuery`. */
export const UncheckedMovieQuery = t.Object(
  Object.fromEntries(
    Object.entries(localeParameters).map(([name, { meta }]) => [
      name,
      t.Optional(t.Any({ type: 'string', description: meta()?.description ?? '' })),
    ]),
  ),
);

export const RelatedQuery = queryObject({
  ...localeParameters,
  limit: wholeNumber(1, 100).default(20),
});
