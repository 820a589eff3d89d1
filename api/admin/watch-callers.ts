import type { NoticeHub } from '../store/notice-hub.ts';

/** @returns ends it */
export type WatchCaller = (userId: string, onChange: () => void) => () => void;

/** Tells long answers that their caller, or a session of theirs, has changed. */
export function createWatchCaller(hub: Pick<NoticeHub, 'subscribe'>): WatchCaller {
  const watched = new Map<string, Set<() => void>>();
  hub.subscribe({
    // What was missed is found at the next look.
    onGap() {},
    onNotice(notice) {
      if (notice.kind !== 'users') return;
      for (const userId of notice.user_ids) for (const tell of watched.get(userId) ?? []) tell();
    },
  });
  return (userId, onChange) => {
    const told = watched.get(userId) ?? new Set();
    watched.set(userId, told.add(onChange));
    return () => {
      told.delete(onChange);
      if (told.size === 0) watched.delete(userId);
    };
  };
}
