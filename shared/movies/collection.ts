import { defineEntity, p } from '@mikro-orm/core';

export const Collection = defineEntity({
  name: 'Collection',
  tableName: 'collections',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
  },
  triggers: [
    {
      name: 'collections_keep_name',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger collections_keep_name after insert or update of name on collections for each row execute function keep_collection_name()',
    },
  ],
});
