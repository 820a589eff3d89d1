import { defineEntity, p } from '@mikro-orm/core';

export type ListName = 'genres' | 'trending/day' | 'trending/week' | 'export';

/** When each of TMDb's lists was last taken over whole, and how long it was: a much shorter one is not believed. */
export const ListSnapshot = defineEntity({
  name: 'ListSnapshot',
  tableName: 'list_snapshots',
  properties: {
    name: p.string().length(32).$type<ListName>().primary(),
    size: p.integer(),
    fetched_at: p.datetime().columnType('timestamptz'),
  },
});
