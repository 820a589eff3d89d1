import { themes } from './genres.ts';
import { at, mix, salts } from './random.ts';

/** Movies come in clusters of this many: one theme, one company of players, one set of keywords. */
export const CLUSTER_SIZE = 24;

export interface Cluster {
  number: number;
  theme: number;
  /** How many of its first movies are a series; 0 for none. */
  seriesLength: number;
  firstYear: number;
}

export function clusterNumberOf(n: number): number {
  return Math.floor(n / CLUSTER_SIZE);
}

export function clusterOf(seed: number, number: number): Cluster {
  const roll = mix(seed, number, salts.cluster);
  const age = (roll % 1_000) / 1_000;
  return {
    number,
    theme: at(themes, number + (seed % themes.length)),
    seriesLength: (roll >>> 10) % 3 === 0 ? 2 + ((roll >>> 14) % 4) : 0,
    firstYear: Math.round(2022 - 90 * age * age),
  };
}
