import type { Notice } from '#shared/db/notices.ts';
import type { Log } from '#shared/log.ts';
import type { NoticeHub } from '../store/notice-hub.ts';

/** How a wait ended: the mirror knows now, TMDb is in trouble, or it took too long. */
export type WaitOutcome = 'settled' | 'trouble' | 'late';

export interface FetchWatch {
  /** Waits for news of one movie; all who wait for it share the watching. */
  wait(tmdbId: number, waitMs: number): Promise<WaitOutcome>;
}

/** What a notice says of the things that are watched. */
export interface FetchNews {
  outcome: 'changed' | 'trouble';
  ids: readonly number[];
}

interface FetchWatchDeps {
  hub: NoticeHub;
  /** Of movies, unless it says something else. */
  newsOf?: (notice: Notice) => FetchNews | undefined;
  settled: (ids: number[]) => Promise<number[]>;
  /** Called before its readers wake up. */
  onSettled: (tmdbId: number) => void;
  /** Nobody waits through a shutdown. */
  stopping: AbortSignal;
  log: Log;
}

/** Notices wake the readers. The tables are also polled, in case a notice was missed. */
const pollMs = 250;

type Wake = (outcome: WaitOutcome) => void;

function newsOfMovies(notice: Notice): FetchNews | undefined {
  if (notice.kind === 'movies') return { outcome: 'changed', ids: notice.ids };
  return notice.kind === 'trouble' ? { outcome: 'trouble', ids: notice.ids } : undefined;
}

export function createFetchWatch(deps: FetchWatchDeps): FetchWatch {
  const { hub, settled, onSettled, stopping, log, newsOf = newsOfMovies } = deps;
  const waiting = new Map<number, Set<Wake>>();
  let poll: ReturnType<typeof setInterval> | undefined;

  const wake = (id: number, outcome: WaitOutcome) => {
    for (const one of waiting.get(id) ?? []) one(outcome);
  };

  const look = async (ids: number[]) => {
    if (ids.length === 0) return;
    try {
      for (const id of await settled(ids)) {
        onSettled(id);
        wake(id, 'settled');
      }
    } catch (error) {
      log.debug({ err: error }, 'waiting readers could not look at the mirror');
    }
  };

  hub.subscribe({
    onGap: () => void look([...waiting.keys()]),
    onNotice: (notice) => {
      const news = newsOf(notice);
      if (news?.outcome === 'changed') void look(news.ids.filter((id) => waiting.has(id)));
      if (news?.outcome === 'trouble') for (const id of news.ids) wake(id, 'trouble');
    },
  });
  const wakeAll = () => {
    for (const id of waiting.keys()) wake(id, 'late');
  };
  stopping.addEventListener('abort', wakeAll, { once: true });

  const leave = (id: number, one: Wake) => {
    const all = waiting.get(id);
    all?.delete(one);
    if (all?.size === 0) waiting.delete(id);
    if (waiting.size > 0) return;
    clearInterval(poll);
    poll = undefined;
  };

  return {
    wait(id, waitMs) {
      if (stopping.aborted || waitMs <= 0) return Promise.resolve('late');
      const { promise, resolve } = Promise.withResolvers<WaitOutcome>();
      const all = waiting.get(id) ?? new Set<Wake>();
      waiting.set(id, all.add(resolve));
      poll ??= setInterval(() => void look([...waiting.keys()]), pollMs);
      const deadline = setTimeout(() => resolve('late'), waitMs);
      return promise.finally(() => {
        clearTimeout(deadline);
        leave(id, resolve);
      });
    },
  };
}
