import { appealTo, genreIdsOf, linksOf } from './candidate-facts.ts';
import type { Evidence } from './evidence.ts';
import type { Candidate } from './select-candidates.ts';
import { statedWorth } from './weights.ts';

/** By genre and by actor: how far the best of theirs stands behind the best of all. */
export interface Lifts {
  /** For whatever of them a movie has, once. */
  any: number;
  genres: ReadonlyMap<number, number>;
  actors: ReadonlyMap<number, number>;
}

export const noLifts: Lifts = { any: 0, genres: new Map(), actors: new Map() };

/**
 * What somebody has stated is rarely what most people vote for: the best documentary has a tenth of the voters of the
 * best film. Lifted by that much, the best of each stated genre and actor stands beside the best of all.
 */
export function liftsOf(candidates: Iterable<Candidate>, evidence: Evidence): Lifts {
  const { favouriteGenres } = evidence;
  let best = Number.NEGATIVE_INFINITY;
  const genres = new Map<number, number>();
  const actors = new Map<number, number>();
  const raise = (map: Map<number, number>, id: number, appeal: number) =>
    map.set(id, Math.max(map.get(id) ?? Number.NEGATIVE_INFINITY, appeal));
  for (const candidate of candidates) {
    const appeal = appealTo(candidate);
    best = Math.max(best, appeal);
    for (const id of genreIdsOf(candidate)) if (favouriteGenres.has(id)) raise(genres, id, appeal);
    for (const { source } of linksOf(candidate, evidence, 'actor')) raise(actors, source, appeal);
  }
  const behind = (of: Map<number, number>) => new Map([...of].map(([id, appeal]) => [id, best - appeal]));
  return { any: statedWorth, genres: behind(genres), actors: behind(actors) };
}
