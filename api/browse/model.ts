import { z } from 'zod';
import { priorAverage, priorVotes } from '#shared/movies/appeal.ts';
import { MirrorCursorPageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { type CursorList, type Position, positionOf } from '../http/input/cursor.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { cursorQuery } from '../http/input/page-query.ts';
import { plainText } from '../http/input/plain-text.ts';
import { type AskedFilters, askedFilters, filterParameters, refuseRanges } from './filter-parameters.ts';
import { browseSorts, type MovieKey, movieKey, type SortOrder } from './movie-order.ts';

export const movieSorts = [...browseSorts, 'relevance'] as const;
export type MovieSort = (typeof movieSorts)[number];

/** What the parameters mean together, with every default filled in. */
export interface AskedMovies {
  /** `undefined` without one, or for blanks alone. */
  query: string | undefined;
  filters: AskedFilters;
  /** Whether it is counted what the movies have, too. */
  facets: boolean;
  sort: MovieSort;
  order: SortOrder;
  position: Position<MovieKey>;
  limit: number;
}

const count = z.int().min(1);

/** How many of the movies of a list have what, the most first. */
export const MovieFacets = z.object({
  genres: z.array(z.object({ id: z.int(), name: z.string(), count })),
  countries: z.array(z.object({ iso_3166_1: z.string(), count })).meta({
    description: 'Countries of production, of the sixty that produce most.',
  }),
  original_languages: z.array(z.object({ iso_639_1: z.string(), count })),
  years: z.array(z.object({ year: z.int(), count })).meta({ description: 'Years of release.' }),
});
export type MovieFacets = z.infer<typeof MovieFacets>;
describeSchema(MovieFacets, {
  name: 'MovieFacets',
  example: {
    genres: [{ id: 18, name: 'Drama', count: 12 }],
    countries: [{ iso_3166_1: 'US', count: 9 }],
    original_languages: [{ iso_639_1: 'en', count: 11 }],
    years: [{ year: 1999, count: 2 }],
  },
});

export const BrowseMeta = MirrorCursorPageMeta.extend({
  facets: MovieFacets.nullable().optional().meta({
    description:
      'With `facets=true` only. Null where more than 10,000 movies would have to be counted, and it is not noted what they have.',
  }),
});
export type BrowseMeta = z.infer<typeof BrowseMeta>;
describeSchema(BrowseMeta, { name: 'BrowseMeta', example: exampleOf(MirrorCursorPageMeta) });

export const MoviesQuery = cursorQuery({
  ...localeParameters,
  query: plainText.optional().meta({
    description:
      'Words of the title, the original title, a title in another language or an alternative one. Typos, accents, case and punctuation do not matter. Only the first 300 characters count. At most the 1,000 best matches are shown.',
  }),
  ...filterParameters,
  facets: z.enum(['true', 'false'], 'must be true or false').optional().meta({
    default: 'false',
    description:
      'Whether `meta.facets` says how many of the movies have which genre, original language, country and year. Of more than 1,000 movies it may be as of the last hour; where that is not known of more than 10,000, `meta.facets` is null.',
  }),
  sort: z
    .enum(movieSorts, `must be one of ${movieSorts.join(', ')}`)
    .optional()
    .meta({
      description: `The default is \`relevance\` with a \`query\`, otherwise \`popularity\`. \`relevance\` needs a \`query\`. For the best movies use \`rating\`: the weighted mean (v·R + m·C) / (v + m) of v votes with the average R, where m = ${priorVotes} and C = ${priorAverage}, so that a few votes say little. \`vote_average\` is TMDb's own average, however few have voted.`,
    }),
  order: z.enum(['desc', 'asc'], 'must be desc or asc').optional().meta({
    description:
      'The default is `desc`, but `asc` for `title`. It does not apply to `relevance`. Unknown values come last in both orders.',
  }),
}).superRefine((asked, context) => {
  const { query, sort, after } = asked;
  refuseRanges(asked, context);
  if (sort === 'relevance' && isBlank(query))
    context.addIssue({ code: 'custom', path: ['sort'], message: 'relevance needs a query' });
  if (after !== undefined && !isBlank(query))
    context.addIssue({ code: 'custom', path: ['after'], message: 'must not be given with a query' });
});
export type MoviesQuery = z.infer<typeof MoviesQuery>;

/**
 * @param region the country that counts where none is asked for
 * @throws {NexusError} `invalid_input` for a cursor that is not of this list
 */
export function askedMovies(asked: MoviesQuery, region = 'US'): AskedMovies {
  const query = isBlank(asked.query) ? undefined : asked.query;
  const sort = asked.sort ?? (query === undefined ? 'popularity' : 'relevance');
  const order = sort === 'relevance' ? 'desc' : (asked.order ?? (sort === 'title' ? 'asc' : 'desc'));
  const filters = askedFilters(asked, {
    code: asked.region ?? region,
    isAsked: asked.region !== undefined,
  });
  const position = positionOf(asked, cursorsOf({ filters, sort, order }));
  return { query, filters, facets: asked.facets === 'true', sort, order, position, limit: asked.limit };
}

/** Which cursors lead through a list: of its filters and its order. */
export const cursorsOf = ({
  filters,
  sort,
  order,
}: Pick<AskedMovies, 'filters' | 'sort' | 'order'>): CursorList<MovieKey> => ({
  list: ['movies', filters, sort, order],
  key: sort === 'relevance' ? z.never() : movieKey(sort),
});

const isBlank = (query: string | undefined) => query === undefined || query.trim() === '';
