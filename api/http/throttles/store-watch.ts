import { within } from '#shared/within.ts';

/** Asks a store that may be silent. @throws {Error} if no answer comes in time, or none came a moment ago */
export type AskStore = <T>(question: () => Promise<T>) => Promise<T>;

interface StoreWatchOptions {
  /** How long an answer may take. */
  answerMs: number;
  /** How long a store that gave none is left alone: no less than an answer may take. */
  pauseMs: number;
}

/** If the store is silent, only the first caller waits. Others fail at once until it is tried again. */
export function createStoreWatch({ answerMs, pauseMs }: StoreWatchOptions): AskStore {
  let silent = false;
  let askAgainAtMs = 0;
  const pause = () => {
    silent = true;
    askAgainAtMs = performance.now() + pauseMs;
  };
  return async (question) => {
    if (silent && performance.now() < askAgainAtMs) throw new Error('the store was silent just now');
    // One finds out whether it is back; meanwhile the others do without it.
    if (silent) pause();
    let answered = false;
    const asked = question().finally(() => {
      answered = true;
    });
    try {
      return await within(answerMs, asked);
    } finally {
      // A failure is an answer, too: only what is silent costs time.
      if (answered) silent = false;
      else pause();
    }
  };
}
