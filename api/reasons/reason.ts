/** What a user has done with a movie that speaks for another one. */
export type Liking = 'liked' | 'favorite' | 'watched' | 'bookmarked';

type Nothing = Record<never, never>;

/** Every reason there is, and what its sentence says beside the name. */
interface Details {
  liked_movie: Nothing;
  favorite_movie: Nothing;
  watched_movie: Nothing;
  bookmarked_movie: Nothing;
  /** People go on to it after a movie of the user's. */
  liked_after: Nothing;
  /** With a movie of the user's. */
  shares_genre: { liking: Liking };
  /** With a movie of the user's: themes, people, a collection, or TMDb's relations. */
  shares_content: { liking: Liking };
  /** With a movie of the user's; as TMDb has it: `ko`. */
  shares_language: { liking: Liking; language: string };
  tmdb_recommendation: Nothing;
  tmdb_similar: Nothing;
  liked_together: Nothing;
  /** The collection has a movie of the user's, too: its title, and TMDb's id of it. */
  in_collection_of: { title: string; titleOf: number; liking: Liking };
  favorite_actor: Nothing;
  favorite_genre: Nothing;
  /** What follows is said of a movie in relation to another one. */
  also_in_collection: Nothing;
  also_directed_by: Nothing;
  also_with_actor: Nothing;
  also_about: Nothing;
  also_of_genre: Nothing;
  popular_now: Nothing;
  popular_here: Nothing;
  well_rated: { average: number; votes: number };
  in_catalogue: Nothing;
}

export type ReasonCode = keyof Details;

/** Why a movie is shown, not yet in words. */
export type Reason<Code extends ReasonCode = ReasonCode, Type extends string = string> = {
  [Each in Code]: { code: Each; type: Type; id: number; name: string } & Details[Each];
}[Code];

/** A sentence for every reason, in one language: what is missing does not compile. */
export type Sentences = { [Code in ReasonCode]: (reason: Reason<Code>) => string };
