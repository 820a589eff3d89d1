import type { ListOrder } from '../../browse/find-by-bits.ts';
import type { AskedQuery } from '../wire/asked-query.ts';

const rated = '(case when m.vote_count = 0 then null else m.vote_average end)';

/** Each order is that of an index, or its exact reverse. */
const orders: Record<string, (descending: boolean) => ListOrder> = {
  popularity: (descending) => along('popularity', descending),
  release_date: (descending) => along('release_date', descending),
  primary_release_date: (descending) => along('release_date', descending),
  // What nothing is known of has earned nothing, which TMDb puts last as well.
  revenue: (descending) => ({ ...along('revenue', descending), only: 'm.revenue > 0' }),
  vote_average: (descending) => ({
    noted: { name: 'vote_average', isReversed: !descending },
    ...(descending
      ? { by: `${rated} desc nulls last, m.vote_count desc nulls last, m.tmdb_id` }
      : {
          by: `${rated} nulls first, m.vote_count nulls first, m.tmdb_id desc`,
          only: `${rated} is not null`,
        }),
  }),
  vote_count: (descending) => ({
    noted: { name: 'vote_count', isReversed: !descending },
    by: descending ? 'm.vote_count desc, m.tmdb_id' : 'm.vote_count, m.tmdb_id desc',
    only: 'm.vote_count is not null',
  }),
  title: titled,
  original_title: titled,
};

function along(name: 'popularity' | 'release_date' | 'revenue', descending: boolean): ListOrder {
  const column = `m.${name}`;
  const noted = { name, isReversed: !descending };
  if (descending) return { noted, by: `${column} desc nulls last, m.tmdb_id` };
  return {
    noted,
    by: `${column} nulls first, m.tmdb_id desc`,
    only: `${column} is not null`,
  };
}

/** By the title as search folds it. */
function titled(descending: boolean): ListOrder {
  const direction = descending ? ' desc' : '';
  return {
    noted: { name: 'title', isReversed: descending },
    by: `m.title_key${direction}, m.tmdb_id${direction}`,
  };
}

/** The order that is asked for, and what it is called; the most popular first for any that there is not. */
export function readOrder(query: AskedQuery): ListOrder & { name: string } {
  const [field = '', direction = 'desc', ...more] = (query.get('sort_by') ?? '').split('.');
  const order = Object.hasOwn(orders, field) ? orders[field] : undefined;
  if (order === undefined || more.length > 0 || !['asc', 'desc'].includes(direction))
    return { ...along('popularity', true), name: 'popularity.desc' };
  return { ...order(direction === 'desc'), name: `${field}.${direction}` };
}
