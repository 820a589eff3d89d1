import { z } from 'zod';
import { MirrorMeta } from '../http/answers/model.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { localeParameters } from '../http/input/locale-query.ts';
import { TmdbIdText } from '../http/input/movie-params.ts';
import { queryObject } from '../http/input/query-object.ts';
import { MovieListItem } from '../movies/model.ts';

export const Collection = z.object({
  id: z.int(),
  name: z.string(),
  overview: z.string().nullable(),
  poster_url: z.url().nullable(),
  backdrop_url: z.url().nullable(),
  parts: z
    .array(MovieListItem)
    .meta({ description: 'In the order of their release. Those without a date come last.' }),
});
export type Collection = z.infer<typeof Collection>;
describeSchema(Collection, {
  name: 'Collection',
  example: {
    id: 920001,
    name: 'The Harbor Collection',
    overview: 'Two summers in the same town.',
    poster_url: 'https://image.tmdb.org/t/p/w342/harbor.jpg',
    backdrop_url: null,
    parts: [exampleOf(MovieListItem)],
  },
});

const chosen = z.string().nullable().meta({ description: 'What it is in: `xx-YY`.' });

export const CollectionMeta = MirrorMeta.extend({
  language: z.object({ asked: z.string(), name: chosen, overview: chosen }),
});
export type CollectionMeta = z.infer<typeof CollectionMeta>;
describeSchema(CollectionMeta, {
  name: 'CollectionMeta',
  example: {
    ...exampleOf(MirrorMeta),
    language: { asked: 'en-US', name: 'en-US', overview: 'en-US' },
  },
});

export const CollectionParams = z.object({ id: TmdbIdText.meta({ example: 10 }) });
export const CollectionQuery = queryObject(localeParameters);
