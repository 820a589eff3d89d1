import { defineEntity, p } from '@mikro-orm/core';

/** The words of all names of people, as `title_words` has those of titles. */
export const NameWord = defineEntity({
  name: 'NameWord',
  tableName: 'name_words',
  primaryKeys: ['word', 'writer'],
  properties: {
    word: p.text().primary(),
    /** The backend that wrote it, so that two writers of one word never wait for each other. */
    writer: p.integer().primary(),
  },
  indexes: [
    {
      name: 'name_words_similar_index',
      expression: 'create index name_words_similar_index on name_words using gin (word gin_trgm_ops)',
    },
  ],
});
