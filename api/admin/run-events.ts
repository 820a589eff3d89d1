import type { Log } from '#shared/log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { SyncRun } from './model.ts';
import type { SyncRunReads } from './sync-run-reads.ts';

export type RunListener = (run: SyncRun) => void;

export interface RunEvents {
  /**
   * The newest run of each job, and from then on every run whenever it changes.
   * @returns ends it
   */
  follow(listener: RunListener): Promise<() => void>;
}

interface RunEventsDeps {
  runs: Pick<SyncRunReads, 'news'>;
  hub: NoticeHub;
  log: Log;
}

/** Changes that come close together are read together. */
const gatherMs = 200;
/** Notices may be lost: after this long at the latest, the listeners get the changes. */
const lookEveryMs = 5000;

/** One reading of the table for all who follow; none while nobody does. */
export function createRunEvents({ runs, hub, log }: RunEventsDeps): RunEvents {
  const listeners = new Set<RunListener>();
  let told = new Map<string, string>();
  let changed = new Set<string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let looking: ReturnType<typeof setInterval> | undefined;

  const look = async (): Promise<SyncRun[]> => {
    const asked = changed;
    changed = new Set();
    const news = await runs.news(asked);
    const before = told;
    told = new Map(news.map((run) => [run.id, JSON.stringify(run)]));
    for (const run of news)
      if (before.get(run.id) !== told.get(run.id)) for (const listener of listeners) listener(run);
    return news;
  };
  const lookAgain = () => {
    look().catch((error: unknown) => log.warn({ err: error }, 'the runs could not be followed'));
  };
  const lookSoon = () => {
    if (listeners.size === 0) return;
    gathering ??= setTimeout(() => {
      gathering = undefined;
      lookAgain();
    }, gatherMs);
  };
  hub.subscribe({
    onGap: lookSoon,
    onNotice(notice) {
      if (notice.kind !== 'run' || listeners.size === 0) return;
      changed.add(notice.id);
      lookSoon();
    },
  });

  return {
    async follow(listener) {
      const news = await look();
      for (const run of news) listener(run);
      listeners.add(listener);
      looking ??= setInterval(lookAgain, lookEveryMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(looking);
        looking = undefined;
        clearTimeout(gathering);
        gathering = undefined;
        changed.clear();
      };
    },
  };
}
