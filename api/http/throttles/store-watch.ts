import { within } from '#shared/within.ts';

/** Puts a question to a store that may be there and silent. @throws {Error} when no answer came in time, or will */
export type AskStore = <T>(question: () => Promise<T>) => Promise<T>;

interface StoreWatchOptions {
  /** How long an answer may take. */
  answerMs: number;
  /** How long a store that gave none is left alone: no less than an answer may take. */
  pauseMs: number;
}

/** A silent store costs whoever asked first a moment, and the others nothing until it is looked for again. */
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
