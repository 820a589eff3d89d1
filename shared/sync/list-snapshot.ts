import { defineEntity, p } from '@mikro-orm/core';

/** What a `discover/…` list was asked by: a genre or an actor that a user prefers. */
export type DiscoveredBy = 'genre' | 'actor';

export type ListName =
  | 'genres'
  | 'trending/day'
  | 'trending/week'
  | 'export'
  | `discover/${DiscoveredBy}/${number}`;

/**
 * When each of TMDb's lists was last taken over whole, and how long it was: a much shorter one is not believed. Of the
 * `discover/…` lists only the beginning is taken, of whatever length.
 */
export const ListSnapshot = defineEntity({
  name: 'ListSnapshot',
  tableName: 'list_snapshots',
  properties: {
    name: p.string().length(32).$type<ListName>().primary(),
    size: p.integer(),
    fetched_at: p.datetime().columnType('timestamptz'),
  },
});
