import type { NoticeHub } from '../store/notice-hub.ts';

export interface WatchedCallers {
  /** @returns ends it */
  watch(userId: string, onChange: () => void): () => void;
  /** Whether every change that has been answered was told. */
  readonly hearsAll: boolean;
}

/** Tells long answers that their caller, or a session of theirs, has changed, or may have. */
export function createWatchedCallers(hub: Pick<NoticeHub, 'subscribe' | 'peers'>): WatchedCallers {
  const watched = new Map<string, Set<() => void>>();
  hub.subscribe({
    onGap() {
      for (const told of watched.values()) for (const tell of told) tell();
    },
    onNotice(notice) {
      if (notice.kind !== 'users') return;
      for (const userId of notice.user_ids) for (const tell of watched.get(userId) ?? []) tell();
    },
  });
  return {
    watch(userId, onChange) {
      const told = watched.get(userId) ?? new Set();
      watched.set(userId, told.add(onChange));
      return () => {
        told.delete(onChange);
        if (told.size === 0) watched.delete(userId);
      };
    },
    get hearsAll() {
      return hub.peers?.canBelieve ?? false;
    },
  };
}
