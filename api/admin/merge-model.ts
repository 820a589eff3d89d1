import { z } from 'zod';
import { mergeStates } from '#shared/movies/movie-merge.ts';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { exampleTime } from '../http/contract/example-values.ts';
import { TmdbIdText } from '../http/input/movie-params.ts';
import { pagedQuery } from '../http/input/page-query.ts';

export const MergesQuery = pagedQuery({
  state: z.enum(mergeStates, `must be one of ${mergeStates.join(', ')}`).optional(),
});
export type MergesQuery = z.infer<typeof MergesQuery>;

export const MergeParams = z.object({ tmdb_id: TmdbIdText });

export const MergeDecision = z.strictObject({
  confirm: z.boolean('must be true or false').meta({ description: 'False: they are two movies.' }),
});

describeSchema(MergeDecision, { name: 'MergeDecision', example: { confirm: true } });

export const MovieMerge = z.object({
  tmdb_id: z.int().meta({ description: 'The movie that TMDb deleted.' }),
  title: z.string().nullable(),
  into_tmdb_id: z.int().nullable(),
  into_title: z.string().nullable(),
  state: z.enum(mergeStates).meta({
    description:
      '`none`: no other movie has its IMDb id. `confirmed`: what users saved is being moved. `moved`: the old id leads to the new one.',
  }),
  certainty: z.number().min(0).max(1).nullable().meta({
    description:
      '0.6 for the same IMDb id, 0.25 for the title and 0.15 for the year. All three need no decision.',
  }),
  looked_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
});
describeSchema(MovieMerge, {
  name: 'MovieMerge',
  example: {
    tmdb_id: 551,
    title: 'Fight Klub',
    into_tmdb_id: 550,
    into_title: 'Fight Club',
    state: 'proposed',
    certainty: 0.75,
    looked_at: exampleTime,
    decided_at: null,
  },
});
export type MovieMerge = z.infer<typeof MovieMerge>;
