import { defineEntity } from '@mikro-orm/core';
import { similarWordsIndex, wordColumns } from './word-table.ts';

/** The words of all names of people. */
export const NameWord = defineEntity({
  name: 'NameWord',
  tableName: 'name_words',
  primaryKeys: ['word', 'writer'],
  properties: wordColumns,
  indexes: [similarWordsIndex('name_words')],
});
