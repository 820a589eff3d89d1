/**
 * The bit of `movies.genre_bits` that stands for a genre, so that an index can say of a movie whether it has it. The
 * numbers are chosen so that all of TMDb's genres have bits of their own. Others may share one: see `filterMovies`.
 * @param id an expression for the genre's id
 */
export const genreBitOf = (id: string): string => `(${id}::bigint * 143 % 251 % 61)::int`;

/** All bits of some genres, as an aggregate over rows. Null for none. */
export const genreBitsOf = (id: string): string => `bit_or(1::bigint << ${genreBitOf(id)})`;

/** The same for ids that are known here, as PostgreSQL reads a `bigint`. */
export const genreMask = (ids: readonly number[]): string =>
  ids.reduce((mask, id) => mask | (1n << BigInt(((id * 143) % 251) % 61)), 0n).toString();
