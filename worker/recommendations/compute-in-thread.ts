import type { ComputedNeighbours } from './compute-neighbours.ts';
import type { Interactions } from './interaction-matrix.ts';

type Message = { progress: number } | { result: ComputedNeighbours };

/** Computes in a thread of its own, which ends with the result, or at once when `signal` fires. */
export async function computeInThread(
  interactions: Interactions,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<ComputedNeighbours> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./neighbours-thread.ts', import.meta.url).href);
  const { promise, resolve, reject } = Promise.withResolvers<ComputedNeighbours>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  thread.onmessage = ({ data }: MessageEvent<Message>) =>
    'progress' in data ? progress(data.progress) : resolve(data.result);
  thread.onerror = (event) => reject(new Error(`the arithmetic failed: ${event.message}`));
  const { userStarts, movieIds, values } = interactions;
  thread.postMessage(interactions, [userStarts.buffer, movieIds.buffer, values.buffer] as ArrayBuffer[]);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    thread.terminate();
  }
}
