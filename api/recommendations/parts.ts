import type { PartName } from './model.ts';
import { type Evidence, rounded } from './rank.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { PartWeights } from './weights.ts';

const dayMs = 86_400_000;
/** For how long a release is new. */
const newDays = 365;
/** More favourite actors than this in one cast add nothing. */
const mostActors = 2;

/** What speaks for a candidate, by name; `variety` is added when it is known what stands before it. */
export function partsOf(
  candidate: Candidate,
  evidence: Evidence,
  weights: PartWeights,
): Record<PartName, number> {
  const genreIds = genreIdsOf(candidate);
  const favourites = new Set(evidence.taste.genres.map(({ id }) => id));
  const part = (name: keyof PartWeights, value: () => number) =>
    weights[name] === 0 ? 0 : rounded(weights[name] * value());
  return {
    neighbours: part('neighbours', () => evidence.neighbours.get(candidate.movie_id)?.score ?? 0),
    tmdb: part('tmdb', () => relationsOf(candidate, evidence)),
    collection: part('collection', () => collectionOf(candidate, evidence)),
    genres: part('genres', () => meanOf(genreIds, (id) => (favourites.has(id) ? 1 : 0))),
    taste: part('taste', () => meanOf(genreIds, (id) => evidence.genreShares.get(id) ?? 0)),
    actors: part('actors', () => Math.min(mostActors, candidate.actor_ids?.length ?? 0)),
    appeal: part('appeal', () => candidate.appeal + 2 * Math.log10(1 + (candidate.weight ?? 0))),
    recency: part('recency', () => newnessOf(candidate, evidence.nowMs)),
    variety: 0,
  };
}

export const genreIdsOf = ({ genre_ids: list }: Pick<Candidate, 'genre_ids'>): number[] =>
  list === null ? [] : list.split(',').map(Number);

/** The first of TMDb's recommendations counts one, the tenth half of that; what is only similar counts half. */
function relationsOf({ relations }: Candidate, { history }: Evidence): number {
  return (relations ?? []).reduce((sum, { movie_id, kind, rank }) => {
    const source = history.get(movie_id);
    const own = (10 / (9 + rank)) * (kind === 'recommendation' ? 1 : 0.5);
    return source === undefined ? sum : sum + weightOf(source) * own;
  }, 0);
}

function collectionOf({ collection_id: collection }: Candidate, { history }: Evidence): number {
  if (collection === null) return 0;
  let most = 0;
  for (const movie of history.values())
    if (movie.collectionId === collection) most = Math.max(most, weightOf(movie));
  return most;
}

function meanOf(ids: readonly number[], worthOf: (id: number) => number): number {
  return ids.length === 0 ? 0 : ids.reduce((sum, id) => sum + worthOf(id), 0) / ids.length;
}

/** One on the day of the release, nothing a year later; and what TMDb's readers look at now. */
function newnessOf({ release_date: date, popularity }: Candidate, nowMs: number): number {
  const days = date === null ? newDays : Math.floor(nowMs / dayMs) - Math.floor(Date.parse(date) / dayMs);
  const newness = days < 0 ? 0 : Math.max(0, 1 - days / newDays);
  return newness + Math.log10(1 + Math.max(0, popularity ?? 0)) / 2;
}
