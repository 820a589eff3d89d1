import { z } from 'zod';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { ratingOf } from '#shared/movies/appeal.ts';
import { plainText } from '../http/input/plain-text.ts';
import { orderOf, type SortColumn } from '../store/keyset.ts';
import type { ListOrder } from './find-by-bits.ts';

export const browseSorts = ['popularity', 'rating', 'vote_average', 'release_date', 'title'] as const;
export type BrowseSort = (typeof browseSorts)[number];
export type SortOrder = 'asc' | 'desc';

interface SortKey {
  /** Over `movies m`. */
  columns: { sql: string; type: string; nullable: boolean }[];
  /** What a row is sorted by, with its id. */
  key: z.ZodType<MovieKey>;
}

export type MovieKey = readonly (string | number | null)[];

const id = z.int().min(1).max(maxTmdbId);
const number = z.number().nullable();
const count = z.int().min(0).max(maxTmdbId).nullable();
// There is no year 0.
const date = z.iso
  .date()
  .refine((text) => !text.startsWith('0000'))
  .nullable();

/** A rating that nobody gave is none. */
const voteAverage = '(case when m.vote_count = 0 then null else m.vote_average end)';

/** What comes first, and what decides between equals. */
const sorts: Record<BrowseSort, SortKey> = {
  popularity: {
    columns: [{ sql: 'm.popularity', type: 'float8', nullable: true }],
    key: z.tuple([number, id]),
  },
  rating: {
    columns: [
      { sql: ratingOf('m'), type: 'float8', nullable: true },
      { sql: 'm.vote_count', type: 'int', nullable: true },
    ],
    key: z.tuple([number, count, id]),
  },
  vote_average: {
    columns: [
      { sql: voteAverage, type: 'float8', nullable: true },
      { sql: 'm.vote_count', type: 'int', nullable: true },
    ],
    key: z.tuple([number, count, id]),
  },
  release_date: {
    columns: [{ sql: 'm.release_date', type: 'date', nullable: true }],
    key: z.tuple([date, id]),
  },
  title: {
    columns: [{ sql: 'm.title_key', type: 'text', nullable: false }],
    key: z.tuple([plainText, id]),
  },
};

/** As the job `terms` has noted it. */
export function notedOrder(sort: BrowseSort, order: SortOrder): ListOrder {
  return {
    noted: { name: sort, isReversed: (order === 'asc') !== (sort === 'title') },
    by: orderOf(sortColumns(sort, order)),
  };
}

/** What a cursor may say that a row is sorted by. */
export const movieKey = (sort: BrowseSort): z.ZodType<MovieKey> => sorts[sort].key;

/** The order of a list: values of the first column that are unknown come last both ways. */
export function sortColumns(sort: BrowseSort, order: SortOrder): SortColumn[] {
  const descending = order === 'desc';
  const columns = sorts[sort].columns.map(({ sql, type, nullable }, at) => {
    const nulls = descending || at === 0 ? ('last' as const) : ('first' as const);
    return { sql, type, descending, nulls: nullable ? nulls : undefined };
  });
  const isTitle = sort === 'title';
  const tie = {
    sql: 'm.tmdb_id',
    type: 'int',
    descending: isTitle ? descending : !descending,
  };
  return [...columns, tie];
}

/**
 * The order of the one index that serves both directions, because one order is the exact reverse of the other. The
 * reverse order puts unknown values first, so they are read separately and put last.
 */
export const indexColumns = (sort: BrowseSort, order: SortOrder): SortColumn[] =>
  sortColumns(sort, order).map((column) =>
    column.nulls === undefined ? column : { ...column, nulls: order === 'desc' ? 'last' : 'first' },
  );
