import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { HistoryMovie } from './select-taste.ts';
import { contentUsers } from './weights.ts';

/** By the candidates' own ids: each movie of the history that is like it, and how much, from 0 to 1. */
export type ContentLinks = ReadonlyMap<number, readonly { movie: HistoryMovie; alike: number }[]>;

/** Of the history the lists by content of so many are looked at. */
const mostSources = 20;

/** @param liked what counts most first */
export function contentLinksOf(liked: readonly HistoryMovie[]): ContentLinks {
  const links = new Map<number, { movie: HistoryMovie; alike: number }[]>();
  for (const movie of liked.slice(0, mostSources))
    movie.content?.movieIds.forEach((id, n) => {
      const link = { movie, alike: movie.content?.scores[n] ?? 0 };
      const others = links.get(id);
      if (others === undefined) links.set(id, [link]);
      else others.push(link);
    });
  return links;
}

/**
 * The movie of the history that speaks most for a candidate by content, and how much. The better known the less well
 * known one of the two is, the less: then likes say more.
 */
export function mostAlike(
  { movie_id, users }: Pick<Candidate, 'movie_id' | 'users'>,
  contents: ContentLinks,
): { movie: HistoryMovie; alike: number; value: number } | undefined {
  let most: { movie: HistoryMovie; alike: number; value: number } | undefined;
  for (const { movie, alike } of contents.get(movie_id) ?? []) {
    const known = Math.min(movie.users, users ?? 0);
    const value = (weightOf(movie) * alike * contentUsers) / (contentUsers + known);
    if (value > (most?.value ?? 0)) most = { movie, alike, value };
  }
  return most;
}
