import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { nameWordsSql } from './name-words-sql.ts';

export const Collection = defineEntity({
  name: 'Collection',
  tableName: 'collections',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
    /** What it is found by: its words, folded. */
    words: p.text().columnType('tsvector').generated(nameWordsSql),
  },
  indexes: [
    {
      name: 'collections_words_index',
      expression: `create index collections_words_index on collections using gin (words) ${soonMerged}`,
    },
  ],
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
