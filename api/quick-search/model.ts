import { z } from 'zod';
import type { MirrorLanguageMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { plainText } from '../http/input/plain-text.ts';
import { queryObject } from '../http/input/query-object.ts';
import { MovieListItem } from '../movies/model.ts';
import { Actor } from '../people/model.ts';

export const FoundCollection = z.object({
  id: z.int(),
  name: z.string(),
  poster_url: z.url().nullable(),
  backdrop_url: z.url().nullable(),
});
export type FoundCollection = z.infer<typeof FoundCollection>;
describeSchema(FoundCollection, {
  name: 'FoundCollection',
  example: { id: 10, name: 'Star Wars Collection', poster_url: null, backdrop_url: null },
});

export const QuickSearch = z.object({
  movies: z.array(MovieListItem),
  people: z.array(Actor),
  collections: z.array(FoundCollection).meta({
    description: 'Pictures are known of those that somebody has opened.',
  }),
});
export type QuickSearch = z.infer<typeof QuickSearch>;
describeSchema(QuickSearch, {
  name: 'QuickSearch',
  example: {
    movies: [exampleOf(MovieListItem)],
    people: [exampleOf(Actor)],
    collections: [exampleOf(FoundCollection)],
  },
});

export type QuickSearchMeta = MirrorLanguageMeta;

export const QuickSearchQuery = queryObject({
  ...localeParameters,
  query: plainText.optional().meta({
    description:
      'What was typed so far: the last word may only have begun. Typos, accents, case and punctuation do not matter. Without it, or for blanks alone, nothing is found.',
    example: 'star w',
  }),
});
export type QuickSearchQuery = z.infer<typeof QuickSearchQuery>;
