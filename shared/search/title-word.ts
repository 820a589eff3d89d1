import { defineEntity } from '@mikro-orm/core';
import { similarWordsIndex, wordColumns } from './word-table.ts';

/** The words of all titles. */
export const TitleWord = defineEntity({
  name: 'TitleWord',
  tableName: 'title_words',
  primaryKeys: ['word', 'writer'],
  properties: wordColumns,
  indexes: [similarWordsIndex('title_words')],
});
