import type { MovieSort, SortOrder } from './model.ts';

/** A rating that nobody gave is none. */
const voteAverage = 'case when m.vote_count = 0 then null else m.vote_average end';

/** What comes first, what decides between equals, and whether it can be unknown, over `movies m` and `movie_titles t`. */
const keys: Record<Exclude<MovieSort, 'relevance'>, { first: string; more?: string; nullable: boolean }> = {
  popularity: { first: 'm.popularity', nullable: true },
  vote_average: { first: voteAverage, more: 'm.vote_count', nullable: true },
  release_date: { first: 'm.release_date', nullable: true },
  title: { first: 't.title_key', nullable: false },
};

export type KeyOrder = (typeof keys)[keyof typeof keys];
export const keyOf = (sort: keyof typeof keys): KeyOrder => keys[sort];

/**
 * One index serves both directions, because one order is the exact reverse of the other. The reverse order
 * puts unknown values first, so `browse-statement.ts` reads them separately and puts them last.
 */
export function indexOrder(sort: keyof typeof keys, order: SortOrder): string {
  const { first, more } = keys[sort];
  if (sort === 'title') return `${first} ${order}, m.tmdb_id ${order}`;
  const [direction, tie] = order === 'desc' ? ['desc nulls last', 'asc'] : ['asc nulls first', 'desc'];
  return [first, ...(more === undefined ? [] : [more])]
    .map((key) => `${key} ${direction}`)
    .concat(`m.tmdb_id ${tie}`)
    .join(', ');
}

/** The same for rows that have to be sorted anyway: unknown values last. */
export function plainOrder(sort: keyof typeof keys, order: SortOrder): string {
  return `(${keys[sort].first}) is null, ${indexOrder(sort, order)}`;
}
