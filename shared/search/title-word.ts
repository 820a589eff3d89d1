import { defineEntity, p } from '@mikro-orm/core';

/** The words of all titles, among which a mistyped one is looked for. Words that no title has any more do no harm. */
export const TitleWord = defineEntity({
  name: 'TitleWord',
  tableName: 'title_words',
  primaryKeys: ['word', 'writer'],
  properties: {
    word: p.text().primary(),
    /** The backend that wrote it, so that two writers of one word never wait for each other. */
    writer: p.integer().primary(),
  },
  indexes: [
    {
      name: 'title_words_similar_index',
      expression: 'create index title_words_similar_index on title_words using gin (word gin_trgm_ops)',
    },
  ],
});
