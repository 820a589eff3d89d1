import { genreIdsOf, linksOf } from './candidate-facts.ts';
import type { Evidence } from './evidence.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';

/**
 * How much a candidate is like what was disliked, as a number below zero. A movie of the same collection is wholly like
 * it, one that TMDb relates to it as much as the relation is near, others half as much as they share genres.
 */
export function dislikesOf(candidate: Candidate, evidence: Evidence): number {
  if (evidence.disliked.length === 0) return 0;
  const genreIds = genreIdsOf(candidate);
  const related = new Map<number, number>();
  for (const kind of ['similar', 'recommendation'] as const)
    for (const { source, rank } of linksOf(candidate, evidence, kind))
      related.set(
        source,
        Math.max(related.get(source) ?? 0, (10 / (9 + rank)) * (kind === 'similar' ? 0.5 : 1)),
      );
  return evidence.disliked.reduce((sum, movie) => {
    const isSibling = movie.collection !== null && movie.collection.id === candidate.collection_id;
    const alike = isSibling
      ? 1
      : Math.max(related.get(movie.movieId) ?? 0, overlap(genreIds, movie.genreIds) / 2);
    return sum + weightOf(movie) * alike;
  }, 0);
}

/** By Jaccard: 1 for the same ones, 0 for none in common. */
function overlap(a: readonly number[], b: readonly number[]): number {
  const both = a.filter((id) => b.includes(id)).length;
  return both === 0 ? 0 : both / (a.length + b.length - both);
}
