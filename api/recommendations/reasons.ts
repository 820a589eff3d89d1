import { isOften } from '#shared/recommendations/neighbour-list.ts';
import type { Liking, Reason, ReasonCode } from '../reasons/reason.ts';
import { genreIdsOf, linksOf } from './candidate-facts.ts';
import { mostAlike } from './content-links.ts';
import type { Evidence } from './evidence.ts';
import type { RecommendationReason } from './model.ts';
import { weightOf } from './score-neighbours.ts';
import type { Candidate } from './select-candidates.ts';
import type { HistoryMovie } from './select-taste.ts';

/** A reason of this list. */
export type Why = Reason<ReasonCode, RecommendationReason['type']>;

const mostReasons = 4;
/** From this many users on a movie counts as popular here, and no single user's likes are revealed. */
const popularFrom = 5;
/** Fewer voters' mean is not worth telling. */
const ratedFrom = 50;

/** Less alike than this are movies that have only genres in common. */
const alikeFrom = 0.25;

const likingTypes = {
  liked: 'liked_movie',
  favorite: 'favorite_movie',
  watched: 'watched_movie',
  bookmarked: 'bookmarked_movie',
} as const satisfies Record<Liking, ReasonCode>;

/**
 * Why a candidate is there, what counts most first; each one true, and never none.
 * @param forLanguage it would not stand there without its language
 */
export function reasonsFor(candidate: Candidate, evidence: Evidence, forLanguage: boolean): Why[] {
  const related = [...ofRelations(candidate, evidence), ...ofCollection(candidate, evidence)];
  const reasons: Why[] = [
    ...(forLanguage ? ofLanguage(candidate, evidence) : []),
    ...ofHistory(candidate, evidence),
    ...related,
    ...ofContent(candidate, evidence, related),
    ...ofPreferences(candidate, evidence),
  ];
  if (reasons.length === 0) reasons.push(...ofTaste(candidate, evidence));
  if (reasons.length < 2) reasons.push(...ofEverybody(candidate));
  if (reasons.length === 0) reasons.push(inCatalogue(candidate));
  return reasons.slice(0, mostReasons);
}

function ofHistory({ movie_id }: Candidate, { neighbours }: Evidence): Why[] {
  const said = neighbours.of(movie_id);
  if (said?.because === undefined || said.because.kind === 'disliked') return [];
  const { kind, tmdbId: id, title: name } = said.because;
  const type = likingTypes[kind];
  const isNext = said.isNext && isOftenNext(said.because, movie_id);
  return [{ code: isNext ? 'liked_after' : type, type, id, name }];
}

/** Arithmetic leads from a movie to another also where hardly anybody went that way: that is not told. */
function isOftenNext({ transitions }: HistoryMovie, movieId: number): boolean {
  const at = transitions?.movieIds.indexOf(movieId) ?? -1;
  return isOften(transitions?.scores[at] ?? 0);
}

function ofRelations(candidate: Candidate, evidence: Evidence): Why[] {
  for (const type of ['recommendation', 'similar'] as const) {
    const known = linksOf(candidate, evidence, type).flatMap(({ source, rank }) => {
      const movie = evidence.history.get(source);
      const value = movie === undefined ? 0 : weightOf(movie) / (9 + rank);
      return movie !== undefined && value > 0 ? [{ movie, value }] : [];
    });
    const best = known.toSorted((a, b) => b.value - a.value)[0]?.movie;
    if (best === undefined) continue;
    const code = type === 'recommendation' ? 'tmdb_recommendation' : 'tmdb_similar';
    return [{ code, type: code, id: best.tmdbId, name: best.title }];
  }
  return [];
}

function ofCollection({ collection_id: id }: Candidate, { history }: Evidence): Why[] {
  const sibling = id === null ? undefined : bestOf(history, ({ collection }) => collection?.id === id);
  if (sibling === undefined || sibling.collection === null) return [];
  const { title, tmdbId: titleOf, kind: liking, collection } = sibling;
  return [{ code: 'in_collection_of', type: 'collection', ...collection, title, titleOf, liking }];
}

/** Likeness is made of relations and collections, too: where they are told of the same movie, it says nothing more. */
function ofContent(candidate: Candidate, { contents }: Evidence, told: readonly Why[]): Why[] {
  const most = mostAlike(candidate, contents);
  if (most === undefined || most.alike < alikeFrom || !isLiked(most.movie)) return [];
  const { tmdbId: id, title: name, kind: liking } = most.movie;
  if (told.some((reason) => ('titleOf' in reason ? reason.titleOf : reason.id) === id)) return [];
  return [{ code: 'shares_content', type: likingTypes[liking], id, name, liking }];
}

function ofPreferences(candidate: Candidate, evidence: Evidence): Why[] {
  const { taste } = evidence;
  const inCast = new Set(linksOf(candidate, evidence, 'actor').map(({ source }) => source));
  const genres = new Set(genreIdsOf(candidate));
  const actors = taste.actors.filter(({ id }) => inCast.has(id)).slice(0, 2);
  const favourites = taste.genres.filter(({ id }) => genres.has(id)).slice(0, 2);
  return [
    ...actors.map(({ id, name }): Why => ({ code: 'favorite_actor', type: 'actor', id, name })),
    ...favourites.map(({ id, name }): Why => ({ code: 'favorite_genre', type: 'genre', id, name })),
  ];
}

/** What it has in common with the newest of the history that shares a genre. */
function ofTaste(candidate: Candidate, { history }: Evidence): Why[] {
  const genres = new Set(genreIdsOf(candidate));
  const alike = bestOf(history, ({ genreIds }) => genreIds.some((id) => genres.has(id)));
  if (alike === undefined) return [];
  const { tmdbId: id, title: name, kind: liking } = alike;
  return [{ code: 'shares_genre', type: likingTypes[liking], id, name, liking }];
}

function ofLanguage({ language }: Candidate, { history }: Evidence): Why[] {
  const alike = bestOf(history, (movie) => movie.language === language);
  if (alike === undefined || language === null) return [];
  const { tmdbId: id, title: name, kind: liking } = alike;
  return [{ code: 'shares_language', type: likingTypes[liking], id, name, liking, language }];
}

type LikedMovie = HistoryMovie & { kind: Liking };
const isLiked = (movie: HistoryMovie): movie is LikedMovie => movie.kind !== 'disliked';

function bestOf(
  history: Evidence['history'],
  isMeant: (movie: HistoryMovie) => boolean,
): LikedMovie | undefined {
  let best: LikedMovie | undefined;
  for (const movie of history.values())
    if (isLiked(movie) && isMeant(movie) && weightOf(movie) > (best === undefined ? 0 : weightOf(best)))
      best = movie;
  return best;
}

function ofEverybody(candidate: Candidate): Why[] {
  const { tmdb_id: id, title: name, users, vote_average: average, vote_count: votes } = candidate;
  if (candidate.trending) return [{ code: 'popular_now', type: 'popular', id, name }];
  if ((users ?? 0) >= popularFrom) return [{ code: 'popular_here', type: 'popular', id, name }];
  if (average === null || votes === null || votes < ratedFrom) return [];
  return [{ code: 'well_rated', type: 'well_rated', id, name, average, votes }];
}

const inCatalogue = ({ tmdb_id: id, title: name }: Candidate): Why => ({
  code: 'in_catalogue',
  type: 'in_catalogue',
  id,
  name,
});
