import type { RecommendationReason } from './model.ts';
import { genreIdsOf } from './parts.ts';
import type { Evidence } from './rank.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { HistoryMovie } from './select-taste.ts';
import type { HistoryKind } from './weights.ts';

const mostReasons = 4;
/** From so many users on, something is popular here, and nobody's liking is told. */
const popularFrom = 5;
/** Fewer voters' mean is not worth telling. */
const ratedFrom = 50;

const words: Record<
  Exclude<HistoryKind, 'disliked'>,
  { type: RecommendationReason['type']; said: (name: string) => string }
> = {
  liked: { type: 'liked_movie', said: (name) => `Because you liked ${name}` },
  favorite: { type: 'favorite_movie', said: (name) => `Because ${name} is one of your favourites` },
  watched: { type: 'watched_movie', said: (name) => `Because you watched ${name}` },
  bookmarked: { type: 'bookmarked_movie', said: (name) => `Because you bookmarked ${name}` },
};

const past: Record<HistoryKind, string> = {
  liked: 'which you liked',
  favorite: 'one of your favourites',
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
  return because === undefined ? [] : [becauseOf(because)].flat();
}

function becauseOf({ kind, tmdbId: id, title: name }: HistoryMovie): RecommendationReason[] {
  if (kind === 'disliked') return [];
  const { type, said } = words[kind];
  return [{ type, id, name, text: said(name) }];
}

function ofRelations({ relations }: Candidate, { history }: Evidence): RecommendationReason[] {
  for (const kind of ['recommendation', 'similar'] as const) {
    const known = (relations ?? []).flatMap((relation) => {
      const source = history.get(relation.movie_id);
      return relation.kind === kind && source !== undefined && weightOf(source) > 0
        ? [{ source, value: weightOf(source) / (9 + relation.rank) }]
        : [];
    });
    const best = known.toSorted((a, b) => b.value - a.value)[0]?.source;
    if (best === undefined) continue;
    const { tmdbId: id, title: name } = best;
    return kind === 'recommendation'
      ? [{ type: 'tmdb_recommendation', id, name, text: `Recommended by TMDb for those who like ${name}` }]
      : [{ type: 'tmdb_similar', id, name, text: `According to TMDb, similar to ${name}` }];
  }
  return [];
}

function ofCollection(candidate: Candidate, { history }: Evidence): RecommendationReason[] {
  const { collection_id: id, collection_name: name } = candidate;
  if (id === null || name === null) return [];
  const sibling = bestOf(history, (movie) => movie.collectionId === id);
  if (sibling === undefined) return [];
  return [{ type: 'collection', id, name, text: `In ${name}, like ${sibling.title}, ${past[sibling.kind]}` }];
}

function ofPreferences(candidate: Candidate, { taste }: Evidence): RecommendationReason[] {
  const inCast = new Set(candidate.actor_ids);
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

/** What it has in common with the newest of the history that shares its first genre. */
function ofTaste(candidate: Candidate, { history }: Evidence): RecommendationReason[] {
  const [genre] = genreIdsOf(candidate);
  const alike = genre === undefined ? undefined : bestOf(history, ({ genreIds }) => genreIds[0] === genre);
  if (alike === undefined || alike.kind === 'disliked') return [];
  const { tmdbId: id, title: name, kind } = alike;
  return [{ type: words[kind].type, id, name, text: `Of the same genre as ${name}, ${past[kind]}` }];
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
      text: `Rated ${average.toFixed(1)} by ${votes.toLocaleString('en-US')} voters at TMDb`,
    },
  ];
}

const inCatalogue = ({ tmdb_id: id, title: name }: Candidate): RecommendationReason => ({
  type: 'in_catalogue',
  id,
  name,
  text: 'New to you, and in this catalogue',
});
