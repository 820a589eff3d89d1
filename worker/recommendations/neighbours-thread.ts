import { computeNeighbours } from './compute-neighbours.ts';
import type { Interactions } from './interaction-matrix.ts';

declare const self: Worker;

/** The thread's side: heavy arithmetic must not block the loop that renews leases. Told once, answers once. */
self.onmessage = ({ data }: MessageEvent<Interactions>) => {
  const result = computeNeighbours(data, undefined, (progress) => self.postMessage({ progress }));
  self.postMessage({ result });
};
