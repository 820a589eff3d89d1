interface FairLaneOptions {
  /** How much runs at a time. */
  lanes: number;
  /** How many may wait, all callers together. */
  maxWaiting: number;
  /** What is thrown at whoever finds no place. */
  refusal: () => Error;
}

interface Waiting {
  begin: () => void;
  refuse: (error: Error) => void;
}

export interface FairLane {
  /** @param caller those of one caller wait in a line of their own */
  run<T>(caller: string, work: () => Promise<T>): Promise<T>;
}

/**
 * A bounded lane in which callers take turns: who asks much waits behind their own requests, not in front of others.
 * When all places are taken, a newcomer gets one of whoever holds most.
 */
export function createFairLane({ lanes, maxWaiting, refusal }: FairLaneOptions): FairLane {
  /** By caller. The one whose turn is next comes first. */
  const lines = new Map<string, Waiting[]>();
  let waiting = 0;
  let running = 0;

  const makeRoom = (caller: string): boolean => {
    let [longest, most] = ['', (lines.get(caller)?.length ?? 0) + 1];
    for (const [each, { length }] of lines) if (length > most) [longest, most] = [each, length];
    const last = lines.get(longest)?.pop();
    if (last === undefined) return false;
    waiting -= 1;
    last.refuse(refusal());
    return true;
  };

  const wait = (caller: string) =>
    new Promise<void>((begin, refuse) => {
      if (waiting >= maxWaiting && !makeRoom(caller)) return refuse(refusal());
      waiting += 1;
      const line = lines.get(caller);
      if (line === undefined) lines.set(caller, [{ begin, refuse }]);
      else line.push({ begin, refuse });
    });

  const next = (): Waiting | undefined => {
    const [first] = lines;
    if (first === undefined) return undefined;
    const [caller, line] = first;
    const turn = line.shift();
    lines.delete(caller);
    if (line.length > 0) lines.set(caller, line);
    waiting -= 1;
    return turn;
  };

  return {
    async run(caller, work) {
      // Whoever ends hands the lane on: `running` stays as it is.
      if (running >= lanes) await wait(caller);
      else running += 1;
      try {
        return await work();
      } finally {
        const turn = next();
        if (turn === undefined) running -= 1;
        else turn.begin();
      }
    },
  };
}
