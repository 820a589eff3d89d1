import { AsyncResource } from 'node:async_hooks';
import type { ComputedNeighbours } from './compute-neighbours.ts';
import type { Interactions } from './interaction-matrix.ts';
import type { Position, WorkPart } from './kept-run.ts';
import type { Order, Work } from './work-keeper.ts';

type Message =
  | { progress: number }
  | { parts: WorkPart[]; position: Position }
  | { result: ComputedNeighbours };

interface ThreadOptions {
  signal: AbortSignal;
  progress: (done: number) => void;
  /** What a computation of the same interactions has kept. */
  kept: Work | undefined;
  keepEveryMs: number;
  keep: (parts: WorkPart[], position: Position) => Promise<void>;
}

/** Computes in a thread of its own, which ends with the result, or at once when `signal` fires. */
export async function computeInThread(
  interactions: Interactions,
  { signal, progress, kept, keepEveryMs, keep }: ThreadOptions,
): Promise<ComputedNeighbours> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./neighbours-thread.ts', import.meta.url).href);
  const { promise, resolve, reject } = Promise.withResolvers<ComputedNeighbours>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  const writing = new Int32Array(new SharedArrayBuffer(4));
  let keeping = Promise.resolve();
  const keepSlice = async (parts: WorkPart[], position: Position) => {
    await keep(parts, position);
    // A hundred megabytes in a minute, of which the collector knows nothing.
    for (const { data } of parts) (data.buffer as ArrayBuffer).transfer(0);
    Bun.gc(false);
    Atomics.store(writing, 0, 0);
    Atomics.notify(writing, 0);
  };
  // Bound: messages come from outside of the job, and its statements would count as no movement of it.
  thread.onmessage = AsyncResource.bind(({ data }: MessageEvent<Message>) => {
    if ('progress' in data) progress(data.progress);
    else if ('result' in data) resolve(data.result);
    else {
      keeping = keepSlice(data.parts, data.position);
      keeping.catch(reject);
    }
  });
  thread.onerror = (event) => reject(new Error(`the arithmetic failed: ${event.message}`));
  const { userStarts, movieIds, values } = interactions;
  const order: Order = { interactions, kept, keepEveryMs, writing };
  const arrays = kept === undefined ? [] : [...kept.arrays.values()];
  thread.postMessage(
    order,
    [userStarts, movieIds, values, ...arrays].map(({ buffer }) => buffer as ArrayBuffer),
  );
  // What was read went with it, and its parts are garbage now.
  Bun.gc(false);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    thread.terminate();
    // Not after the end: what is written then would be gone on with.
    await keeping.catch(() => {});
  }
}
