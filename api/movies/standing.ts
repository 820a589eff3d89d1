import { absenceMs } from '#shared/movies/freshness.ts';
import type { MovieReading } from './movie-row.ts';

/**
 * How a movie stands with its readers. `mirrored`: it can be shown; `gone`: TMDb deleted it; `absent`: TMDb said
 * lately that it has none of this id; `missing`: the worker has to ask.
 */
export type Standing = 'mirrored' | 'gone' | 'absent' | 'missing';

export function standingOf(
  reading: Pick<MovieReading<never>, 'state' | 'absent_at_ms'>,
  nowMs: number,
): Standing {
  if (reading.state === 'detailed') return 'mirrored';
  if (reading.state === 'gone') return 'gone';
  return reading.absent_at_ms !== null && nowMs - reading.absent_at_ms < absenceMs ? 'absent' : 'missing';
}
