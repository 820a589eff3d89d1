import { stampSlackMs } from '#shared/movies/freshness.ts';
import type { MirrorMeta } from './model.ts';

/** Whether a refresh of what is shown is under way because of this read. */
export type Refresh = MirrorMeta['refresh'];

export interface MirrorMetaInput {
  fetchedAtMs: number;
  stale: boolean;
  refresh: Refresh;
}

/** What is said of everything that is read from the mirror. */
export function mirrorMeta({ fetchedAtMs, stale, refresh }: MirrorMetaInput, nowMs: number): MirrorMeta {
  return {
    source: 'mirror',
    fetched_at: new Date(Math.min(fetchedAtMs, nowMs + stampSlackMs)).toISOString(),
    age_seconds: Math.max(0, Math.floor((nowMs - fetchedAtMs) / 1000)),
    stale,
    refresh,
  };
}
