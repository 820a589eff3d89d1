/**
 * The bit of `movies.genre_bits` that stands for a genre, so that an index can say of a movie whether it has it. The
 * numbers are chosen so that all of TMDb's genres have bits of their own. Others may share one: see `filterMovies`.
 * @param id an expression for the genre's id
 */
export const genreBitOf = (id: string): string => `(${id}::bigint * 143 % 251 % 61)::int`;

/** All bits of some genres, as an aggregate over rows. Null for none. */
export const genreBitsOf = (id: string): string => `bit_or(1::bigint << ${genreBitOf(id)})`;

/** The same for an id that is known here. */
export const bitOfGenre = (id: number): number => ((id * 143) % 251) % 61;

const bitsOf = (ids: readonly number[]): number[] => [...new Set(ids.map(bitOfGenre))];

/** All bits of ids that are known here, as PostgreSQL reads a `bigint`. */
export const genreMask = (ids: readonly number[]): string =>
  bitsOf(ids)
    .reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)
    .toString();

/** What `bit_places(genre_bits)` is of a movie that has just these, in any order. */
export const genrePlaces = (ids: readonly number[]): number[] => bitsOf(ids).map((bit) => 64 - bit);
