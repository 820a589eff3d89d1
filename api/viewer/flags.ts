import { type Fragment, type Placeholder, raw, sql } from '#shared/db/sql.ts';
import type { InteractionType } from '#shared/users/user-movie-interaction.ts';

/**
 * What a user has said of a movie, as one number: a bit for each kind of interaction, and above them the rating in
 * hundredths. 0: nothing.
 */
export type Flags = number;

const kinds = [
  'liked',
  'disliked',
  'bookmarked',
  'watched',
  'hidden',
] as const satisfies readonly InteractionType[];

const weightsOfKinds = kinds.map((kind, bit) => `when '${kind}' then ${1 << bit}`).join(' ');

/**
 * A column over `movies`: two look-ups by key, however much the user has said.
 * @param movie the name of `movies` in the statement
 */
export const flagsColumn = (movie: string, userId: Placeholder<string> | Fragment): Fragment => sql`
  (coalesce((select bit_or(case i.interaction_type ${raw(weightsOfKinds)} end) from user_movie_interactions i
      where i.user_id = ${userId} and i.movie_id = ${raw(movie)}.id), 0)
    + ${raw(String(1 << kinds.length))} * coalesce((select (r.rating * 100)::int from user_movie_ratings r
      where r.user_id = ${userId} and r.movie_id = ${raw(movie)}.id), 0))`;

type Said = Record<(typeof kinds)[number], boolean>;

/** As answers show it. */
export function presentFlags(flags: Flags) {
  const said = Object.fromEntries(kinds.map((kind, bit) => [kind, (flags & (1 << bit)) !== 0])) as Said;
  const hundredths = flags >> kinds.length;
  return { ...said, rating: hundredths === 0 ? null : hundredths / 100 };
}
