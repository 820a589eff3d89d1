import { defineEntity, p } from '@mikro-orm/core';
import type { MovieList } from '../lists/list-entry.ts';
import type { DocumentName } from '../reference/reference-document.ts';

/** What a `discover/…` list was asked by: a genre or an actor that a user prefers. */
export type DiscoveredBy = 'genre' | 'actor';

/** `popular/US`: the list of one country. */
export type RegionalListName = `${MovieList}/${string}`;

/** Between which days the movies of a list came out, or come out: `YYYY-MM-DD`. */
export interface ListDates {
  maximum: string;
  minimum: string;
}

export type ListName =
  | 'genres'
  | 'trending/day'
  | 'trending/week'
  | 'export'
  | RegionalListName
  | DocumentName
  | `discover/${DiscoveredBy}/${number}`;

/**
 * When each of TMDb's lists was last taken over whole, and how long it was: a much shorter one is not believed. Of the
 * `discover/…` lists only the beginning is taken, of whatever length.
 */
export const ListSnapshot = defineEntity({
  name: 'ListSnapshot',
  tableName: 'list_snapshots',
  properties: {
    name: p.string().length(64).$type<ListName>().primary(),
    size: p.integer(),
    dates: p.json<ListDates>().nullable(),
    fetched_at: p.datetime().columnType('timestamptz'),
  },
});
