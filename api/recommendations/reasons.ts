import { genreIdsOf, linksOf } from './candidate-facts.ts';
import type { Evidence } from './evidence.ts';
import type { RecommendationReason } from './model.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { HistoryMovie } from './select-taste.ts';
import type { HistoryKind } from './weights.ts';

const mostReasons = 4;
/** From so many users on, something is popular here, and nobody's liking is told. */
const popularFrom = 5;
/** Fewer voters' mean is not worth telling. */
const ratedFrom = 50;
const thousands = new Intl.NumberFormat('en-US');

const words: Record<
  Exclude<HistoryKind, 'disliked'>,
  { type: RecommendationReason['type']; said: (name: string) => string }
> = {
  liked: { type: 'liked_movie', said: (name) => `Because you liked ${name}` },
  favorite: { type: 'favorite_movie', said: (name) => `Because ${name} is one of your favorites` },
  watched: { type: 'watched_movie', said: (name) => `Because you watched ${name}` },
  bookmarked: { type: 'bookmarked_movie', said: (name) => `Because you bookmarked ${name}` },
};

const past: Record<HistoryKind, string> = {
  liked: 'which you liked',
  favorite: 'one of your favorites',
  watched: 'which you watched',
  bookmarked: 'which you bookmarked',
  disliked: '',
};

/** Why a candidate is there, what counts most first; each one true, and never none. */
export function reasonsFor(candidate: Candidate, evidence: Evidence): RecommendationReason[] {
  const reasons = [
    ...ofHistory(candidate, evidence),
    ...ofRelations(candidate, evidence),
    ...ofCollection(candidate, evidence),
    ...ofPreferences(candidate, evidence),
  ];
  if (reasons.length === 0) reasons.push(...ofTaste(candidate, evidence));
  if (reasons.length < 2) reasons.push(...ofEverybody(candidate));
  if (reasons.length === 0) reasons.push(inCatalogue(candidate));
  return reasons.slice(0, mostReasons);
}

function ofHistory({ movie_id }: Candidate, { neighbours }: Evidence): RecommendationReason[] {
  const because = neighbours.get(movie_id)?.because;
  return because === undefined ? [] : becauseOf(because);
}

function becauseOf({ kind, tmdbId: id, title: name }: HistoryMovie): RecommendationReason[] {
  if (kind === 'disliked') return [];
  const { type, said } = words[kind];
  return [{ type, id, name, text: said(name) }];
}

function ofRelations(candidate: Candidate, evidence: Evidence): RecommendationReason[] {
  for (const type of ['recommendation', 'similar'] as const) {
    const known = linksOf(candidate, evidence, type).flatMap(({ source, rank }) => {
      const movie = evidence.history.get(source);
      const value = movie === undefined ? 0 : weightOf(movie) / (9 + rank);
      return movie !== undefined && value > 0 ? [{ movie, value }] : [];
    });
    const best = known.toSorted((a, b) => b.value - a.value)[0]?.movie;
    if (best === undefined) continue;
    const { tmdbId: id, title: name } = best;
    return type === 'recommendation'
      ? [{ type: 'tmdb_recommendation', id, name, text: `Recommended by TMDb for those who like ${name}` }]
      : [{ type: 'tmdb_similar', id, name, text: `According to TMDb, similar to ${name}` }];
  }
  return [];
}

function ofCollection({ collection_id: id }: Candidate, { history }: Evidence): RecommendationReason[] {
  const sibling = id === null ? undefined : bestOf(history, ({ collection }) => collection?.id === id);
  if (sibling === undefined || sibling.collection === null) return [];
  const { title, kind, collection } = sibling;
  const text = `In ${collection.name}, like ${title}, ${past[kind]}`;
  return [{ type: 'collection', ...collection, text }];
}

function ofPreferences(candidate: Candidate, evidence: Evidence): RecommendationReason[] {
  const { taste } = evidence;
  const inCast = new Set(linksOf(candidate, evidence, 'actor').map(({ source }) => source));
  const genres = new Set(genreIdsOf(candidate));
  const actors = taste.actors.filter(({ id }) => inCast.has(id)).slice(0, 2);
  const favourites = taste.genres.filter(({ id }) => genres.has(id)).slice(0, 2);
  return [
    ...actors.map(({ id, name }) => ({ type: 'actor' as const, id, name, text: `With ${name}` })),
    ...favourites.map(({ id, name }) => ({
      type: 'genre' as const,
      id,
      name,
      text: `${name}, one of your genres`,
    })),
  ];
}

/** What it has in common with the newest of the history that shares a genre. */
function ofTaste(candidate: Candidate, { history }: Evidence): RecommendationReason[] {
  const genres = new Set(genreIdsOf(candidate));
  const alike = bestOf(history, ({ genreIds }) => genreIds.some((id) => genres.has(id)));
  if (alike === undefined || alike.kind === 'disliked') return [];
  const { tmdbId: id, title: name, kind } = alike;
  return [{ type: words[kind].type, id, name, text: `Shares a genre with ${name}, ${past[kind]}` }];
}

function bestOf(
  history: Evidence['history'],
  isMeant: (movie: HistoryMovie) => boolean,
): HistoryMovie | undefined {
  let best: HistoryMovie | undefined;
  for (const movie of history.values())
    if (weightOf(movie) > 0 && isMeant(movie) && (best === undefined || weightOf(movie) > weightOf(best)))
      best = movie;
  return best;
}

function ofEverybody(candidate: Candidate): RecommendationReason[] {
  const { tmdb_id: id, title: name, users, vote_average: average, vote_count: votes } = candidate;
  if (candidate.trending) return [{ type: 'popular', id, name, text: 'Popular right now' }];
  if ((users ?? 0) >= popularFrom) return [{ type: 'popular', id, name, text: 'Popular with people here' }];
  if (average === null || votes === null || votes < ratedFrom) return [];
  return [
    {
      type: 'well_rated',
      id,
      name,
      text: `Rated ${average.toFixed(1)} by ${thousands.format(votes)} voters at TMDb`,
    },
  ];
}

const inCatalogue = ({ tmdb_id: id, title: name }: Candidate): RecommendationReason => ({
  type: 'in_catalogue',
  id,
  name,
  text: 'New to you, and in this catalog',
});
