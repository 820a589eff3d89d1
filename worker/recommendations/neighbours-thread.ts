import { type ComputedNeighbours, computeFrom, neighbourLimits } from './compute-neighbours.ts';
import { interactionMatrix } from './interaction-matrix.ts';
import { type Position, partBytes, type WorkPart } from './kept-run.ts';
import type { Order, WorkKeeper } from './work-keeper.ts';

declare const self: Worker;

/** The thread's side: heavy arithmetic must not block the loop that renews leases. Told once, answers once. */
self.onmessage = ({ data }: MessageEvent<Order>) => {
  const matrix = interactionMatrix(data.interactions, neighbourLimits);
  // They are in the matrix: their memory is given back at once, not when it is next collected.
  for (const { buffer } of Object.values(data.interactions)) (buffer as ArrayBuffer).transfer(0);
  Bun.gc(true);
  const result = computeFrom(matrix, neighbourLimits, createProgress(), keeperOf(data));
  self.postMessage({ result }, buffersOf(result));
};

const buffersOf = ({ neighbours, transitions }: ComputedNeighbours) =>
  [...Object.values(neighbours), ...Object.values(transitions)].map(({ buffer }) => buffer as ArrayBuffer);

/** Beside so many arrays the collector waits for as much garbage again before it begins by itself. */
const collectEvery = 0.02;

function createProgress(): (done: number) => void {
  let collectedAt = 0;
  return (done) => {
    self.postMessage({ progress: done });
    if (done < collectedAt + collectEvery) return;
    collectedAt = done;
    Bun.gc(true);
  };
}

/** Sends what has changed since it was sent last. */
function keeperOf({ kept, keepEveryMs, writing }: Order): WorkKeeper {
  const known = new Map<string, bigint | number>();
  const zeroHashOf = (length: number) => Bun.hash(new Uint8Array(length));
  const wholeZeroHash = zeroHashOf(partBytes);
  const lengths: Record<string, number> = {};
  for (const [name, { byteLength }] of kept?.arrays ?? []) lengths[name] = byteLength;
  let keptAt = performance.now();
  return {
    kept,
    keep({ stage, next, arrays }, isEnd) {
      if (!isEnd && performance.now() - keptAt < keepEveryMs) return;
      const parts: WorkPart[] = [];
      for (const [name, bytes] of arrays)
        for (let part = 0; part * partBytes < bytes.byteLength; part++) {
          const data = bytes.subarray(part * partBytes, (part + 1) * partBytes);
          const hash = Bun.hash(data);
          const before = known.get(`${name}/${part}`);
          const zeroHash = data.length === partBytes ? wholeZeroHash : zeroHashOf(data.length);
          if (hash === (before ?? zeroHash)) continue;
          known.set(`${name}/${part}`, hash);
          parts.push({ name, part, data: data.slice() });
        }
      while (Atomics.load(writing, 0) === 1) Atomics.wait(writing, 0, 1, 1000);
      Atomics.store(writing, 0, 1);
      const bytes = Object.fromEntries([...arrays].map(([name, { byteLength }]) => [name, byteLength]));
      Object.assign(lengths, bytes);
      const position: Position = { stage, next, bytes: lengths };
      const buffers = parts.map(({ data }) => data.buffer as ArrayBuffer);
      self.postMessage({ parts, position }, buffers);
      // This thread may wait for it, and what was sent would stay for minutes.
      Bun.gc(true);
      keptAt = performance.now();
    },
  };
}
