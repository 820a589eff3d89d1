import { ratingOf } from './appeal.ts';
import { listTerm } from './term-codes.ts';

/** An order of all that lists may show, over `movies m`. */
interface NotedOrder {
  /** Those of which it says nothing are in a list of their own, or in none. */
  known: string;
  by: string;
  /** The order of the others, where they follow the known ones. */
  rest?: string;
}

/** By votes, and of equals those that more have voted on. */
const voted = (rating: string): NotedOrder => ({
  known: `${rating} is not null`,
  by: `${rating} desc, m.vote_count desc nulls last, m.tmdb_id`,
  rest: 'm.vote_count desc nulls last, m.tmdb_id',
});

const descending = (column: string): NotedOrder => ({
  known: `${column} is not null`,
  by: `${column} desc, m.tmdb_id`,
  rest: 'm.tmdb_id',
});

/** The orders that lists of ids are noted in (`noted_ids`), each from its own beginning. */
export const notedOrders = {
  popularity: descending('m.popularity'),
  release_date: descending('m.release_date'),
  vote_average: voted('(case when m.vote_count = 0 then null else m.vote_average end)'),
  vote_count: { known: 'm.vote_count is not null', by: 'm.vote_count desc, m.tmdb_id' },
  revenue: { known: 'm.revenue > 0', by: 'm.revenue desc, m.tmdb_id' },
  title: { known: 'true', by: 'm.title_key, m.tmdb_id' },
  rating: voted(ratingOf('m')),
} as const satisfies Record<string, NotedOrder>;

export type NotedOrderName = keyof typeof notedOrders;

export const orderNames = Object.keys(notedOrders) as NotedOrderName[];

/** Numbered by their places: what comes to mean something else gets another number. */
export const orderTerm = (name: NotedOrderName, part: 'known' | 'rest'): number =>
  listTerm({ id: orderNames.indexOf(name) * 2 + (part === 'known' ? 0 : 1) });

/** Of a country: for each movie that came out there the day, counted from 1970, and its id, the earliest first. */
export const releasesTerm = (country: string): number => listTerm({ country });
