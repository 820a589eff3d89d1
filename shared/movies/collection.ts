import { defineEntity, p } from '@mikro-orm/core';

export const Collection = defineEntity({
  name: 'Collection',
  tableName: 'collections',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
  },
});
