const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** TMDb refuses windows of more than 14 days; one that is asked for has at most this many. */
const mostDays = 13;
/** So many days before today are asked for at most: what changed before cannot be learned any more. */
const keptDays = 13;
/** How far back a first reading goes. */
export const longestMs = (keptDays - 1) * dayMs;
/** What changed may be listed this much later. */
const lagMs = 2 * hourMs;
/** How old the details of a movie may be that is still listed today: it may have changed again. */
const lookAgainMs = 4 * hourMs;

/** One question to TMDb: the days from `from` to `to`, both of them its own (UTC). */
export interface ChangeWindow {
  from: string;
  to: string;
  /** All that changed before this moment is in it, or in a window before it. */
  untilMs: number;
  /** What was fetched before may lack the change. */
  fetchedBeforeMs: number;
  /** What was not yet marked since then is new in the list. Null: the list is over, and no longer grows. */
  markedBeforeMs: number | null;
}

export interface ChangePlan {
  windows: ChangeWindow[];
  /** What changed in this time is not known, and never will be. */
  gap: { fromMs: number; untilMs: number } | undefined;
}

interface Asked {
  readUntilMs: number;
  nowMs: number;
  /** Somebody wants to see every change now: all that is listed today is looked at again. */
  everything: boolean;
}

/**
 * What to ask of TMDb's feed so that no change since `readUntilMs` is missed. TMDb lists whole days. The last window
 * ends tomorrow, so that today is in it whether or not TMDb counts the last day in. A pure function of the times.
 */
export function planWindows({ readUntilMs, nowMs, everything }: Asked): ChangePlan {
  const todayMs = startOfDay(nowMs);
  const keptFromMs = todayMs - keptDays * dayMs;
  const firstMs = Math.max(keptFromMs, startOfDay(Math.min(readUntilMs, nowMs) - lagMs));
  const windows: ChangeWindow[] = [];
  let fromMs = firstMs;
  // The days of two windows overlap by one, for the same reason.
  for (; todayMs + dayMs - fromMs > mostDays * dayMs; fromMs += (mostDays - 1) * dayMs) {
    const untilMs = fromMs + (mostDays - 1) * dayMs;
    windows.push({
      from: dateOf(fromMs),
      to: dateOf(untilMs),
      untilMs,
      fetchedBeforeMs: untilMs,
      markedBeforeMs: null,
    });
  }
  windows.push({
    from: dateOf(fromMs),
    to: dateOf(todayMs + dayMs),
    untilMs: nowMs,
    fetchedBeforeMs: everything ? nowMs : Math.max(todayMs, nowMs - lookAgainMs),
    markedBeforeMs: todayMs,
  });
  const gap = readUntilMs < keptFromMs ? { fromMs: readUntilMs, untilMs: keptFromMs } : undefined;
  return { windows, gap };
}

/** The window in two, for a list that is too long to be read; `undefined` where it is of one day only. */
export function splitWindow(window: ChangeWindow): [ChangeWindow, ChangeWindow] | undefined {
  const [fromMs, toMs] = [Date.parse(window.from), Date.parse(window.to)];
  const days = (toMs - fromMs) / dayMs;
  if (days < 2) return undefined;
  const middle = dateOf(fromMs + Math.floor(days / 2) * dayMs);
  return [
    { ...window, to: middle },
    { ...window, from: middle },
  ];
}

/** Start of the UTC day. */
const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
