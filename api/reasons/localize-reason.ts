import type { LocalNames } from '../localization/localize-items.ts';
import type { Reason, ReasonCode } from './reason.ts';

/** Whose names are in `names`: those of people, keywords and collections are the same in all languages. */
const about = {
  liked_movie: 'movie',
  favorite_movie: 'movie',
  watched_movie: 'movie',
  bookmarked_movie: 'movie',
  liked_after: 'movie',
  shares_genre: 'movie',
  shares_content: 'movie',
  shares_language: 'movie',
  tmdb_recommendation: 'movie',
  tmdb_similar: 'movie',
  liked_together: 'movie',
  in_collection_of: 'other',
  favorite_actor: 'other',
  favorite_genre: 'genre',
  also_in_collection: 'other',
  also_directed_by: 'other',
  also_with_actor: 'other',
  also_about: 'other',
  also_of_genre: 'genre',
  popular_now: 'movie',
  popular_here: 'movie',
  well_rated: 'movie',
  in_catalogue: 'movie',
} as const satisfies Record<ReasonCode, 'movie' | 'genre' | 'other'>;

/** The movies of which a reason says the title, by TMDb's ids. */
export const moviesIn = (reason: Reason): number[] => [
  ...(about[reason.code] === 'movie' ? [reason.id] : []),
  ...(reason.code === 'in_collection_of' ? [reason.titleOf] : []),
];

/** The same reason with titles and genres in the language of `names`. */
export function localizeReason<Code extends ReasonCode, Type extends string>(
  reason: Reason<Code, Type>,
  { texts, genres }: LocalNames,
): Reason<Code, Type> {
  const titleOf = (id: number, title: string) => texts.get(id)?.title.value ?? title;
  const kind = about[reason.code];
  const name =
    kind === 'movie'
      ? titleOf(reason.id, reason.name)
      : kind === 'genre'
        ? (genres.get(reason.id) ?? reason.name)
        : reason.name;
  const named = { ...reason, name };
  return 'titleOf' in named ? { ...named, title: titleOf(named.titleOf, named.title) } : named;
}
