import { defineEntity, p } from '@mikro-orm/core';

export const Keyword = defineEntity({
  name: 'Keyword',
  tableName: 'keywords',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
  },
});
