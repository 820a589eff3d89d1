import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { nameWordsSql } from './name-words-sql.ts';

export const Keyword = defineEntity({
  name: 'Keyword',
  tableName: 'keywords',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
    /** What it is found by: its words, folded. */
    words: p.text().columnType('tsvector').generated(nameWordsSql),
  },
  indexes: [
    {
      name: 'keywords_words_index',
      expression: `create index keywords_words_index on keywords using gin (words) ${soonMerged}`,
    },
  ],
});
