import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';

/** Among these a mistyped word is looked for. Words no longer used do no harm. */
const columns = {
  word: p.text().primary(),
  /** The backend that wrote it, so that two writers of one word never wait for each other. */
  writer: p.integer().primary(),
};

/** Finds the words that look alike. */
const similarWordsIndex = (table: string) => ({
  name: `${table}_similar_index`,
  expression: `create index ${table}_similar_index on ${table} using gin (word gin_trgm_ops) ${soonMerged}`,
});

/** The words of all movies' own titles. */
export const TitleWord = defineEntity({
  name: 'TitleWord',
  tableName: 'title_words',
  primaryKeys: ['word', 'writer'],
  properties: columns,
  indexes: [similarWordsIndex('title_words')],
});

/** The words of all titles in other languages and of all alternative ones. */
export const OtherTitleWord = defineEntity({
  name: 'OtherTitleWord',
  tableName: 'other_title_words',
  primaryKeys: ['word', 'writer'],
  properties: columns,
  indexes: [similarWordsIndex('other_title_words')],
});

/** The words of all names of people. */
export const NameWord = defineEntity({
  name: 'NameWord',
  tableName: 'name_words',
  primaryKeys: ['word', 'writer'],
  properties: columns,
  indexes: [similarWordsIndex('name_words')],
});
