/** Whether a refresh of what is shown is under way because of this read. */
export type Refresh = 'none' | 'queued';

export interface MirrorMetaInput {
  fetchedAtMs: number;
  stale: boolean;
  refresh: Refresh;
}

/** What is said of everything that is read from the mirror. */
export function mirrorMeta({ fetchedAtMs, stale, refresh }: MirrorMetaInput, nowMs: number) {
  return {
    source: 'mirror' as const,
    fetched_at: new Date(fetchedAtMs).toISOString(),
    age_seconds: Math.max(0, Math.floor((nowMs - fetchedAtMs) / 1000)),
    stale,
    refresh,
  };
}
