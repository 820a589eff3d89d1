import { p } from '@mikro-orm/core';

/** The columns of a table of words, among which a mistyped one is looked for. Words no longer used do no harm. */
export const wordColumns = {
  word: p.text().primary(),
  /** The backend that wrote it, so that two writers of one word never wait for each other. */
  writer: p.integer().primary(),
};

/** Finds the words that look alike. */
export const similarWordsIndex = (table: string) => ({
  name: `${table}_similar_index`,
  expression: `create index ${table}_similar_index on ${table} using gin (word gin_trgm_ops)`,
});
