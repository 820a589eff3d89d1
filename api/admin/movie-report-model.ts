import { z } from 'zod';
import { movieStates } from '#shared/movies/movie.ts';
import { describeSchema, exampleOf } from '../http/contract/describe-schema.ts';
import { exampleTime } from '../http/contract/example-values.ts';
import { TmdbIdText } from '../http/input/movie-params.ts';
import { JobFailure } from './failure-model.ts';

export const MovieReportParams = z.object({ tmdb_id: TmdbIdText });

const count = z.int().min(0);
const time = z.iso.datetime();

export const MovieReport = z.object({
  tmdb_id: z.int(),
  title: z.string().nullable(),
  release_date: z.iso.date().nullable(),
  state: z
    .enum(movieStates)
    .nullable()
    .meta({ description: 'Null if the mirror has no row for it, but something else is known.' }),
  scope: z
    .enum(['trending', 'popular', 'full'])
    .nullable()
    .meta({ description: 'Why it is kept fresh. Null for a movie known only as a relation of another one.' }),
  fetched_at: time.nullable(),
  age_seconds: count.nullable(),
  stale: z.boolean(),
  refresh_due_at: time.nullable().meta({ description: 'When it is due again by the rule. Null: at once.' }),
  attempted_at: time.nullable().meta({ description: 'When `details` last tried it and failed.' }),
  changed_at: time
    .nullable()
    .meta({ description: 'Since when TMDb is known to have changed it. Null once it was fetched again.' }),
  gone_at: time.nullable(),
  absence: z
    .object({ first_seen_at: time, last_seen_at: time })
    .nullable()
    .meta({ description: 'When TMDb said that it has no such movie, for the first and the last time.' }),
  failure: JobFailure.nullable().meta({ description: 'Why fetching it failed, until it succeeds.' }),
  referred_by: z.object({
    interactions: count,
    preferences: count,
    trending_lists: z.array(z.string()),
    related_movies: count.meta({ description: 'Movies that TMDb relates to it.' }),
  }),
});
describeSchema(MovieReport, {
  name: 'MovieReport',
  example: {
    tmdb_id: 550,
    title: 'Fight Club',
    release_date: '1999-10-15',
    state: 'detailed',
    scope: 'trending',
    fetched_at: exampleTime,
    age_seconds: 3600,
    stale: false,
    refresh_due_at: exampleTime,
    attempted_at: null,
    changed_at: null,
    gone_at: null,
    absence: null,
    failure: { ...exampleOf(JobFailure), queue: 'on-demand', job: 'movies.fetch', subject: '550' },
    referred_by: { interactions: 3, preferences: 1, trending_lists: ['week'], related_movies: 12 },
  },
});
export type MovieReport = z.infer<typeof MovieReport>;

export const QueuedFetch = z.object({ tmdb_id: z.int(), queued: z.literal(true) });
describeSchema(QueuedFetch, { name: 'QueuedFetch', example: { tmdb_id: 550, queued: true } });
export type QueuedFetch = z.infer<typeof QueuedFetch>;
