import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { isStale, staleAt } from '#shared/movies/freshness.ts';
import { scopeRank } from '#shared/movies/movie.ts';
import type { Queues } from '#shared/queues/queue.ts';
import { isoTime } from '../http/answers/iso-time.ts';
import { queryInTurn } from '../store/query-in-turn.ts';
import type { MovieReport, QueuedFetch } from './movie-report-model.ts';

interface Row extends Omit<MovieReport, 'scope' | 'age_seconds' | 'stale' | 'referred_by'> {
  is_known: boolean;
  scope: number | null;
  stale_at_ms: number | null;
  interactions: number;
  preferences: number;
  trending_lists: string[];
  related_movies: number;
}

const reportStatement = prepared<{ tmdbId: number }, Row>(
  'api-movie-report',
  ({ tmdbId }) => sql`
    select ${tmdbId}::int as tmdb_id, m.title, to_char(m.release_date, 'YYYY-MM-DD') as release_date, m.state, m.scope,
      ${isoTime('m.fetched_at')} as fetched_at, ${isoTime('m.attempted_at')} as attempted_at, ${isoTime('m.gone_at')} as gone_at,
      ${isoTime('m.changed_at')} as changed_at, ${isoTime('m.refresh_due_at')} as refresh_due_at,
      (extract(epoch from ${staleAt('m')}) * 1000)::float8 as stale_at_ms,
      case when a.tmdb_id is not null then json_build_object(
        'first_seen_at', ${isoTime('a.first_seen_at')}, 'last_seen_at', ${isoTime('a.last_seen_at')}) end as absence,
      case when f.id is not null then json_build_object('id', f.id, 'queue', f.queue, 'job', f.job, 'subject', f.subject,
        'code', f.code, 'message', f.message, 'attempts', f.attempts, 'times', f.times,
        'first_failed_at', ${isoTime('f.first_failed_at')}, 'last_failed_at', ${isoTime('f.last_failed_at')}) end as failure,
      m.id is not null or a.tmdb_id is not null or f.id is not null as is_known,
      (select count(*)::int from user_movie_interactions where movie_id = m.id) as interactions,
      (select count(*)::int from user_movie_preferences where movie_id = m.id) as preferences,
      array(select time_window from trending_entries where movie_id = m.id order by 1) as trending_lists,
      (select count(*)::int from movie_relations where related_movie_id = m.id) as related_movies
    from (select 1) one
      left join movies m on m.tmdb_id = ${tmdbId}::int
      left join movie_absences a on a.tmdb_id = ${tmdbId}::int
      left join job_failures f on f.job = 'movies.fetch' and f.subject = ${tmdbId}::int::text`,
);

export interface MovieReports {
  /** @throws {NexusError} `movie_not_found` for an id of which nothing at all is known */
  one(tmdbId: number): Promise<MovieReport>;
  /** Has it fetched again, whatever is known of it. @throws {NexusError} `unavailable` */
  fetch(tmdbId: number): Promise<QueuedFetch>;
}

interface MovieReportsDeps {
  pool: Pool;
  queues: Pick<Queues, 'enqueue'>;
  now: () => number;
}

export function createMovieReports({ pool, queues, now }: MovieReportsDeps): MovieReports {
  return {
    async one(tmdbId) {
      const [row] = await queryInTurn(pool, reportStatement({ tmdbId }));
      if (row?.is_known !== true)
        throw new NexusError(
          'movie_not_found',
          'Nothing is known of this movie yet. You can have it fetched.',
        );
      return present(row, now());
    },
    async fetch(tmdbId) {
      try {
        await queues.enqueue('movies.fetch', { tmdbId, requestedAt: now() });
      } catch (cause) {
        throw new NexusError('unavailable', 'The queue does not answer. Please try again.', { cause });
      }
      return { tmdb_id: tmdbId, queued: true };
    },
  };
}

function present(row: Row, nowMs: number): MovieReport {
  const {
    is_known: _,
    stale_at_ms: staleAtMs,
    scope,
    interactions,
    preferences,
    trending_lists,
    related_movies,
    ...rest
  } = row;
  const { fetched_at: fetchedAt, state } = row;
  const fetchedAtMs = fetchedAt === null ? null : Date.parse(fetchedAt);
  return {
    ...rest,
    scope: scopeNames.find((name) => scopeRank[name] === scope) ?? null,
    age_seconds: fetchedAtMs === null ? null : Math.max(0, Math.floor((nowMs - fetchedAtMs) / 1000)),
    stale:
      state === 'detailed' &&
      fetchedAtMs !== null &&
      isStale({ fetchedAtMs, staleAtMs: staleAtMs ?? fetchedAtMs }, nowMs),
    referred_by: { interactions, preferences, trending_lists, related_movies },
  };
}

const scopeNames = ['trending', 'popular', 'full'] as const;
