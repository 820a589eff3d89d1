import { invertSymmetric } from '#worker/recommendations/invert-symmetric.ts';
import type { TestUser } from './histories.ts';
import type { RankedFor } from './quality.ts';

/** What each movie is about, by TMDb's id, as words that are compared with nothing but each other. */
export type Features = ReadonlyMap<number, readonly string[]>;

/** Per user, what is said for each movie by its place in `movieIds`. */
type Scores = (user: number) => Float64Array;

const lambda = 200;
/** A movie so many places back counts 1 / e. */
const recencyPlaces = 10;
const mostAlike = 50;
const contentShare = 0.2;

interface Likes {
  movieIds: number[];
  /** By user, places in `movieIds`, the oldest first. */
  byUser: number[][];
  /** By movie, places of users. */
  byMovie: number[][];
}

/** The rankings that the lists are held against, of the same histories: only what was liked counts. */
export function baselinesOf(
  users: readonly TestUser[],
  features: Features,
): { what: string; rankings: RankedFor[] }[] {
  const likes = likesOf(users, features);
  const content = byContent(likes, features);
  const ease = byEase(likes, () => 1);
  const recent = byEase(likes, (place) => Math.exp(-place / recencyPlaces));
  const both: Scores = (user) => {
    const [a, b] = [scaled(ease(user)), scaled(content(user))];
    return a.map((score, movie) => score + contentShare * (b[movie] ?? 0));
  };
  const ranked = (what: string, scores: Scores) => ({ what, rankings: rank(users, likes, scores) });
  return [
    ranked('content profile (TF-IDF)', content),
    ranked(`item-to-item cosine, ${mostAlike} neighbors`, byCosine(likes)),
    ranked(`plain EASE, λ ${lambda}`, ease),
    ranked(`plain EASE + ${contentShare} × content`, both),
    ranked('plain EASE, the newest likes first', recent),
  ];
}

function likesOf(users: readonly TestUser[], features: Features): Likes {
  const movieIds = [...features.keys()];
  const placeOf = new Map(movieIds.map((id, place) => [id, place]));
  const byMovie: number[][] = movieIds.map(() => []);
  const byUser = users.map(({ seen }, user) => {
    const places = seen.flatMap(({ tmdbId, liked }) => (liked ? (placeOf.get(tmdbId) ?? []) : []));
    for (const place of places) byMovie[place]?.push(user);
    return places;
  });
  return { movieIds, byUser, byMovie };
}

/**
 * EASE (Steck 2019) over all movies, through the users' matrix: with M = (λI + XXᵀ)⁻¹ and a history q, what is said for
 * a movie is its column of X times M X q, divided by its place on the diagonal of λP.
 */
function byEase({ movieIds, byUser, byMovie }: Likes, weigh: (place: number) => number): Scores {
  const n = byUser.length;
  const m = new Float64Array(n * n);
  for (let user = 0; user < n; user++) m[user * n + user] = lambda;
  for (const known of byMovie)
    for (const a of known) for (const b of known) m[a * n + b] = (m[a * n + b] ?? 0) + 1;
  invertSymmetric(m, n);
  const diagonal = byMovie.map((known) => {
    let sum = 0;
    for (const a of known) for (const b of known) sum += m[a * n + b] ?? 0;
    return 1 - sum;
  });
  return (user) => {
    const said = new Float64Array(n);
    byUser[user]?.toReversed().forEach((movie, place) => {
      for (const other of byMovie[movie] ?? [])
        for (let k = 0; k < n; k++) said[k] = (said[k] ?? 0) + weigh(place) * (m[other * n + k] ?? 0);
    });
    return Float64Array.from(movieIds, (_, movie) => {
      const sum = byMovie[movie]?.reduce((all, other) => all + (said[other] ?? 0), 0) ?? 0;
      return sum / (diagonal[movie] ?? 1);
    });
  };
}

function byCosine({ movieIds, byUser, byMovie }: Likes): Scores {
  const alike = byMovie.map((known) => {
    const together = new Map<number, number>();
    for (const user of known)
      for (const other of byUser[user] ?? []) together.set(other, (together.get(other) ?? 0) + 1);
    return [...together]
      .map(([other, count]) => ({
        other,
        cosine: count / Math.sqrt(known.length * (byMovie[other]?.length ?? 1)),
      }))
      .toSorted((a, b) => b.cosine - a.cosine || a.other - b.other)
      .slice(0, mostAlike + 1);
  });
  return (user) => {
    const scores = new Float64Array(movieIds.length);
    for (const movie of byUser[user] ?? [])
      for (const { other, cosine } of alike[movie] ?? [])
        if (other !== movie) scores[other] = (scores[other] ?? 0) + cosine;
    return scores;
  };
}

/** The cosine between a movie and the sum of what was liked, each of length one; what is rare counts more. */
function byContent({ movieIds, byUser }: Likes, features: Features): Scores {
  const known = new Map<string, { code: number; movies: number }>();
  const codes = movieIds.map((id) =>
    [...new Set(features.get(id))].map((word) => {
      const one = known.getOrInsertComputed(word, () => ({ code: known.size, movies: 0 }));
      one.movies++;
      return one;
    }),
  );
  const vectors = codes.map((words) => {
    const weights = words.map(({ movies }) => Math.log(movieIds.length / movies));
    const length = Math.hypot(...weights) || 1;
    return { codes: words.map(({ code }) => code), weights: weights.map((weight) => weight / length) };
  });
  return (user) => {
    const profile = new Float64Array(known.size);
    for (const movie of byUser[user] ?? [])
      vectors[movie]?.codes.forEach((code, n) => {
        profile[code] = (profile[code] ?? 0) + (vectors[movie]?.weights[n] ?? 0);
      });
    return Float64Array.from(vectors, ({ codes, weights }) =>
      codes.reduce((sum, code, n) => sum + (profile[code] ?? 0) * (weights[n] ?? 0), 0),
    );
  };
}

function scaled(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), 0) || 1;
  return scores.map((score) => score / most);
}

/** The fifty best that were not seen. */
function rank(users: readonly TestUser[], { movieIds }: Likes, scores: Scores): RankedFor[] {
  return users.map(({ seen, heldOut }, user) => {
    const known = new Set(seen.map(({ tmdbId }) => tmdbId));
    const said = scores(user);
    const list = movieIds
      .map((id, movie) => ({ id, score: said[movie] ?? 0 }))
      .filter(({ id, score }) => score > 0 && !known.has(id))
      .toSorted((a, b) => b.score - a.score || a.id - b.id)
      .slice(0, 50);
    return { heldOut, list: list.map(({ id }) => id) };
  });
}
