import { LRUCache } from 'lru-cache';
import { mostEntries } from '#shared/most-entries.ts';
import type { VerifyToken, Viewer } from '../http/callers/viewer.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { beginSlackMs } from './session-statements.ts';
import type { ProvenSession, ReadSession } from './verify-token.ts';

export interface KnownSessions {
  /** Whose live session a token belongs to, if that is known without asking anybody. Never waits. */
  readySession(token: string): Viewer | undefined;
  verify: VerifyToken;
}

/** Some 2 KB each at most. */
const mostSessions = 20_000;

interface Load {
  result: Promise<Viewer | undefined>;
  userId?: string;
  /** Its user changed while it ran. */
  isOutdated: boolean;
}

/**
 * Remembers which tokens have proved a live session, so that nothing is verified and read again for each request. Any
 * change of a user or of a session of theirs is told by triggers, and drops all that is known of the user. While it is
 * in doubt that all has been heard, and where nothing can be, each token is read in the store.
 */
export function createKnownSessions(deps: {
  read: ReadSession;
  hub: NoticeHub;
  now: () => number;
}): KnownSessions {
  const { read, hub, now } = deps;
  /** Compared as a whole: no hash stands for a secret. */
  const sessions = new LRUCache<string, ProvenSession>({
    ...mostEntries(mostSessions),
    dispose: ({ viewer }, token) => {
      const tokens = tokensOf.get(viewer.userId);
      tokens?.delete(token);
      if (tokens?.size === 0) tokensOf.delete(viewer.userId);
    },
  });
  const tokensOf = new Map<string, Set<string>>();
  const loads = new Map<string, Load>();

  const enter = (token: string, session: ProvenSession) => {
    const { userId } = session.viewer;
    sessions.set(token, session);
    const tokens = tokensOf.get(userId);
    if (tokens === undefined) tokensOf.set(userId, new Set([token]));
    else tokens.add(token);
  };
  const outdate = (token: string, load: Load) => {
    load.isOutdated = true;
    // Who comes from now on must not share it.
    loads.delete(token);
  };
  const canBelieve = () => hub.peers?.canBelieve ?? false;

  hub.subscribe({
    onGap() {
      sessions.clear();
      for (const [token, load] of loads) outdate(token, load);
    },
    onNotice(notice) {
      if (notice.kind !== 'users') return;
      const changed = new Set(notice.user_ids);
      for (const userId of changed)
        for (const token of [...(tokensOf.get(userId) ?? [])]) sessions.delete(token);
      for (const [token, load] of loads)
        if (load.userId !== undefined && changed.has(load.userId)) outdate(token, load);
    },
  });

  const load = (token: string): Promise<Viewer | undefined> => {
    const running: Load = { isOutdated: false, result: Promise.resolve(undefined) };
    const run = async () => {
      try {
        const session = await read(token, ({ userId }) => {
          running.userId = userId;
        });
        // What proves nothing is not remembered: anybody can make such tokens.
        if (session !== undefined && !running.isOutdated && canBelieve()) enter(token, session);
        return session?.viewer;
      } finally {
        if (loads.get(token) === running) loads.delete(token);
      }
    };
    loads.set(token, running);
    running.result = run();
    return running.result;
  };

  const readySession = (token: string): Viewer | undefined => {
    const session = sessions.get(token);
    if (session === undefined || !canBelieve()) return undefined;
    const nowMs = now();
    const isLive = nowMs < session.endMs && session.beginMs <= nowMs + beginSlackMs;
    if (isLive) return session.viewer;
    sessions.delete(token);
    return undefined;
  };
  return {
    readySession,
    async verify(token) {
      // Who cannot be told of a change must not share what was read before it.
      const running = canBelieve() ? loads.get(token) : undefined;
      return readySession(token) ?? running?.result ?? load(token);
    },
  };
}
