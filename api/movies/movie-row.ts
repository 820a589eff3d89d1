import { type Fragment, type Placeholder, raw, sql } from '#shared/db/sql.ts';
import { absenceMs, staleAt, stampSlackMs } from '#shared/movies/freshness.ts';
import type { MovieState } from '#shared/movies/movie.ts';
import type { Room } from '../http/answers/ready-body.ts';
import type { Json } from '../http/contract/answer.ts';

/** What the mirror knows of one id, whether or not there is a row of it. */
export interface MovieRow<Data, Language> {
  state: MovieState | null;
  fetched_at_ms: number | null;
  stale_at_ms: number | null;
  /** Of a movie that TMDb deleted: the one that it was merged into. */
  moved_to: number | null;
  /** When TMDb last said that it has no such movie; not looked for where the mirror has it. */
  absent_at_ms: number | null;
  /** What the route shows, as JSON, where there is something to show. */
  data: Json<Data> | null;
  /** Around `data`, if those are bytes that nobody else has. */
  room?: Room | undefined;
  /** What it was asked for in, and what its texts are in. */
  language: Language;
  /** Whether hardly anybody asks for it so (`ready-cache.ts`). */
  odd: boolean;
}

const epochMs = (time: Fragment, as: string): Fragment =>
  sql`trunc(extract(epoch from ${time}) * 1000)::float8 as ${raw(as)}`;

export const fetchedAtColumn = (movie: string): Fragment =>
  epochMs(raw(`${movie}.fetched_at`), 'fetched_at_ms');
export const staleAtColumn = (movie: string): Fragment => epochMs(staleAt(movie), 'stale_at_ms');

/** The columns every reading has, over `movies` under this name. */
export const readingColumns = (name: string, tmdbId: Placeholder<number> | Fragment): Fragment => {
  const movie = raw(name);
  return sql`
  ${movie}.state,
  ${fetchedAtColumn(name)},
  ${staleAtColumn(name)},
  case when ${movie}.state = 'gone' then (
    select into_tmdb_id from movie_merges where tmdb_id = ${tmdbId}::int and state = 'moved'
  ) end as moved_to,
  case when ${movie}.state is distinct from 'detailed' then (
    select trunc(extract(epoch from last_seen_at) * 1000)::float8 from movie_absences where tmdb_id = ${tmdbId}::int
  ) end as absent_at_ms`;
};

/**
 * How a movie stands with its readers. `mirrored`: it can be shown; `gone`: TMDb deleted it; `absent`: TMDb said
 * lately that it has none of this id; `missing`: the worker has to ask.
 */
export type Standing = 'mirrored' | 'gone' | 'absent' | 'missing';

export function standingOf(
  reading: Pick<MovieRow<never, never>, 'state' | 'absent_at_ms'>,
  nowMs: number,
): Standing {
  if (reading.state === 'detailed') return 'mirrored';
  if (reading.state === 'gone') return 'gone';
  const sinceMs = reading.absent_at_ms === null ? absenceMs : nowMs - reading.absent_at_ms;
  return sinceMs < absenceMs && sinceMs >= -stampSlackMs ? 'absent' : 'missing';
}
