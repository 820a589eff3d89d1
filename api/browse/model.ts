import { z } from 'zod';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { priorAverage, priorVotes } from '#shared/movies/appeal.ts';
import { type CursorList, type Position, positionOf } from '../http/input/cursor.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { cursorQuery } from '../http/input/page-query.ts';
import { plainText } from '../http/input/plain-text.ts';
import { wholeNumber } from '../http/input/whole-number.ts';
import { browseSorts, type MovieKey, movieKey, type SortOrder } from './movie-order.ts';

export const movieSorts = [...browseSorts, 'relevance'] as const;
export type MovieSort = (typeof movieSorts)[number];

const mostGenres = 20;
const genresMessage = `must be up to ${mostGenres} genre ids from 1 to ${maxTmdbId}, separated by commas`;
const voteMessage = 'must be a number from 0 to 10';

const idsOf = (text: string) => [...new Set(text.split(',').map(Number))].sort((a, b) => a - b);

const genres = z
  .string(genresMessage)
  .regex(/^\d{1,10}(,\d{1,10})*$/, genresMessage)
  .refine((text) => {
    const ids = idsOf(text);
    return ids.length <= mostGenres && ids.every((id) => id >= 1 && id <= maxTmdbId);
  }, genresMessage)
  .meta({
    description: 'One genre id, or several separated by commas. Several mean movies that have all of them.',
  });

const minVote = z
  .string(voteMessage)
  .regex(/^\d{1,2}(\.\d{1,6})?$/, voteMessage)
  .transform(Number)
  .pipe(z.number(voteMessage).min(0, voteMessage).max(10, voteMessage))
  .meta({ description: 'The lowest `vote_average`. Movies without one are left out.' });

const dateMessage = 'must be a date as YYYY-MM-DD';
/** There is no year 0. */
const date = z.iso.date(dateMessage).refine((text) => !text.startsWith('0000'), dateMessage);

/** What the parameters mean together, with every default filled in. */
export interface AskedMovies {
  /** `undefined` without one, or for blanks alone. */
  query: string | undefined;
  genres: number[];
  year: number | undefined;
  minVote: number | undefined;
  minVoteCount: number | undefined;
  /** `YYYY-MM-DD`, both inclusive. */
  releasedFrom: string | undefined;
  releasedTo: string | undefined;
  actor: number | undefined;
  sort: MovieSort;
  order: SortOrder;
  position: Position<MovieKey>;
  limit: number;
}

export const MoviesQuery = cursorQuery({
  ...localeParameters,
  query: plainText.optional().meta({
    description:
      'Words of the title, the original title, a title in another language or an alternative one. Typos, accents, case and punctuation do not matter. Only the first 300 characters count. At most the 1,000 best matches are shown.',
  }),
  genre: genres.optional(),
  year: wholeNumber(1, 9999).optional().meta({ description: 'The year of release.' }),
  min_vote: minVote.optional(),
  min_vote_count: wholeNumber(0, maxTmdbId)
    .optional()
    .meta({ description: 'The lowest `vote_count`. Movies without one are left out.' }),
  released_from: date.optional().meta({
    description: 'The first day of release, as `YYYY-MM-DD`. Movies without a date are left out.',
  }),
  released_to: date.optional().meta({ description: 'The last day of release. Not before `released_from`.' }),
  actor: wholeNumber(1, maxTmdbId).optional().meta({ description: 'The id of a person in the cast.' }),
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
}).superRefine(({ query, sort, after, released_from: from, released_to: to }, context) => {
  if (from !== undefined && to !== undefined && from > to)
    context.addIssue({ code: 'custom', path: ['released_to'], message: 'must not be before released_from' });
  if (sort === 'relevance' && isBlank(query))
    context.addIssue({ code: 'custom', path: ['sort'], message: 'relevance needs a query' });
  if (after !== undefined && !isBlank(query))
    context.addIssue({ code: 'custom', path: ['after'], message: 'must not be given with a query' });
});
export type MoviesQuery = z.infer<typeof MoviesQuery>;

/** @throws {NexusError} `invalid_input` for a cursor that is not of this list */
export function askedMovies(asked: MoviesQuery): AskedMovies {
  const query = isBlank(asked.query) ? undefined : asked.query;
  const sort = asked.sort ?? (query === undefined ? 'popularity' : 'relevance');
  const { genre, year, min_vote: minVote, min_vote_count: minVoteCount, actor, limit } = asked;
  const { released_from: releasedFrom, released_to: releasedTo } = asked;
  const order = sort === 'relevance' ? 'desc' : (asked.order ?? (sort === 'title' ? 'asc' : 'desc'));
  const genres = genre === undefined ? [] : idsOf(genre);
  const list = { genres, year, minVote, minVoteCount, releasedFrom, releasedTo, actor, sort, order };
  return { query, ...list, position: positionOf(asked, cursorsOf(list)), limit };
}

/** Which cursors lead through a list. */
export const cursorsOf = (asked: Omit<AskedMovies, 'query' | 'position' | 'limit'>): CursorList<MovieKey> => {
  const { genres, year, minVote, minVoteCount, releasedFrom, releasedTo, actor, sort, order } = asked;
  return {
    list: ['movies', genres, year, minVote, minVoteCount, releasedFrom, releasedTo, actor, sort, order],
    key: sort === 'relevance' ? z.never() : movieKey(sort),
  };
};

const isBlank = (query: string | undefined) => query === undefined || query.trim() === '';
