/** TMDb is said to allow 50 calls a second and 20 connections: so long may a call take before connections bound the rate. */
const longestMs = 400;
const fewestAtOnce = 16;
/** Connections are not multiplied for the sake of higher rates: those are of stand-ins, which answer soon. */
const highestRps = 160;
/** Answers do not come evenly: so much more than on average is needed. */
const spare = 1.5;

/** Of the last answers, so many are remembered. */
const kept = 512;
/** What was quickest is believed for a minute, in steps of some seconds. */
const stepMs = 5000;
const steps = 12;
/** If so many answers are hardly slower than the quickest, then that is how long the way takes. */
const dense = { part: 0.02, slower: 1.25 };
/** How much of it is relied on. */
const trusted = 0.9;

export interface AnswerTimes {
  /** A call was answered after so long. */
  answered(tookMs: number): void;
  /** A call was over after so long: its whole answer was read. */
  over(tookMs: number): void;
  /**
   * So long at least passes between asking and the answer: there and back, and TMDb's own work. 0 while that is not
   * known, or where the times tell nothing.
   */
  leastMs(): number;
  /** How many calls at once the rate needs, by Little's law: as many as begin while one takes its time. */
  callsAtOnce(): number;
}

export function createAnswerTimes({ maxRps }: { maxRps: number }): AnswerTimes {
  const times = new Float64Array(kept);
  /** The quickest of each step. */
  const lowest = new Float64Array(steps).fill(Number.POSITIVE_INFINITY);
  let step = 0;
  let count = 0;
  let leastMs = 0;
  let meanMs = 0;
  const rps = Math.min(maxRps, highestRps);
  const most = Math.max(fewestAtOnce, Math.ceil((rps * longestMs) / 1000));

  const forget = (now: number) => {
    const next = Math.floor(now / stepMs);
    for (let old = Math.max(step + 1, next - steps + 1); old <= next; old++)
      lowest[old % steps] = Number.POSITIVE_INFINITY;
    step = next;
  };
  const lookAgain = () => {
    const quickest = Math.min(...lowest);
    const quick = times.toSorted()[Math.floor(kept * dense.part)] ?? 0;
    leastMs = quick <= quickest * dense.slower ? quickest * trusted : 0;
  };
  return {
    answered(tookMs) {
      forget(performance.now());
      times[count++ % kept] = tookMs;
      lowest[step % steps] = Math.min(lowest[step % steps] ?? tookMs, tookMs);
      leastMs = Math.min(leastMs, tookMs * trusted);
      if (count >= kept && count % 64 === 0) lookAgain();
    },
    over(tookMs) {
      meanMs = meanMs === 0 ? tookMs : meanMs + (tookMs - meanMs) / 32;
    },
    leastMs: () => leastMs,
    callsAtOnce: () => Math.min(most, Math.max(fewestAtOnce, Math.ceil((rps * meanMs * spare) / 1000))),
  };
}
