import { appealTo, genreIdsOf, linksOf } from './candidate-facts.ts';
import { mostAlike } from './content-links.ts';
import { dislikesOf } from './dislikes.ts';
import type { Evidence } from './evidence.ts';
import type { Lifts } from './lifts.ts';
import type { PartName } from './model.ts';
import { rounded } from './rounded.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { PartWeights } from './weights.ts';

const dayMs = 86_400_000;
/** For how long a release is new. */
const newDays = 365;
/** More favourite actors than this in one cast add nothing. */
const mostActors = 2;

/** What speaks for a candidate, by name. `series` and `variety` hang on the list that it stands in. */
export function partsOf(
  candidate: Candidate,
  evidence: Evidence,
  { weights, lifts }: { weights: PartWeights; lifts: Lifts },
): Record<PartName, number> {
  const genreIds = genreIdsOf(candidate);
  const favourites = genreIds.filter((id) => evidence.favouriteGenres.has(id));
  const actors = linksOf(candidate, evidence, 'actor').map(({ source }) => source);
  const said = evidence.neighbours.of(candidate.movie_id);
  const part = (name: keyof PartWeights, value: number) => rounded(weights[name] * value);
  return {
    neighbours: part('neighbours', said?.neighbours ?? 0),
    transitions: part('transitions', said?.transitions ?? 0),
    tmdb: part('tmdb', relationsOf(candidate, evidence)),
    content: part('content', mostAlike(candidate, evidence.contents)?.value ?? 0),
    collection: part('collection', collectionOf(candidate, evidence)),
    genres: statedOf(favourites, { weight: weights.genres, most: 1, lifts: lifts.genres, once: lifts.any }),
    taste: part(
      'taste',
      meanOf(genreIds, (id) => evidence.genreShares.get(id) ?? 0),
    ),
    actors: statedOf(actors, {
      weight: weights.actors,
      most: mostActors,
      lifts: lifts.actors,
      once: favourites.length === 0 ? lifts.any : 0,
    }),
    language: part('language', evidence.languages.shares.get(candidate.language ?? '') ?? 0),
    dislikes: part('dislikes', dislikesOf(candidate, evidence)),
    appeal: part('appeal', appealTo(candidate)),
    // Reading a date takes longer than all the rest, and counts only in a cold start.
    recency: weights.recency === 0 ? 0 : part('recency', newnessOf(candidate, evidence.nowMs)),
    series: 0,
    variety: 0,
  };
}

interface Stated {
  weight: number;
  /** More of them in one movie add nothing. */
  most: number;
  lifts: ReadonlyMap<number, number>;
  /** For any of them. */
  once: number;
}

function statedOf(ids: readonly number[], { weight, most, lifts, once }: Stated): number {
  if (ids.length === 0) return 0;
  const lift = Math.max(0, ...ids.map((id) => lifts.get(id) ?? 0));
  return rounded(once + weight * Math.min(most, ids.length) + lift);
}

/**
 * The strongest of TMDb's relations from the history: the first recommendation counts one, the tenth half of that; what
 * is only similar counts half.
 */
function relationsOf(candidate: Candidate, { links, history }: Evidence): number {
  let most = 0;
  for (const { kind, source, rank } of links.get(candidate.movie_id) ?? []) {
    const movie = kind === 'recommendation' || kind === 'similar' ? history.get(source) : undefined;
    if (movie === undefined) continue;
    const value = (weightOf(movie) * 10) / (9 + rank);
    most = Math.max(most, kind === 'similar' ? value / 2 : value);
  }
  return most;
}

function collectionOf({ collection_id: collection }: Candidate, { history }: Evidence): number {
  if (collection === null) return 0;
  let most = 0;
  for (const movie of history.values())
    if (movie.collection?.id === collection) most = Math.max(most, weightOf(movie));
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
