import { computeNeighbours } from '#worker/recommendations/compute-neighbours.ts';
import { speakWithParent } from '../child-program.ts';
import { type Amount, inventInteractions } from './invent-interactions.ts';

/** What it took, on the processor alone: other work on the machine does not count. */
export interface ComputeCosts {
  interactions: number;
  seconds: number;
  cpuSeconds: number;
}

function compute(amount: Amount): ComputeCosts {
  const interactions = inventInteractions(amount);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  computeNeighbours(interactions);
  const { user, system } = process.cpuUsage(before);
  return {
    interactions: interactions.movieIds.length,
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
  };
}

if (import.meta.main) speakWithParent('ready', (amount) => compute(amount as Amount));
