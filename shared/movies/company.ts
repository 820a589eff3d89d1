import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { nameWordsSql } from './name-words-sql.ts';

/** Companies by name, as movies and the companies themselves last had them: what search finds. */
export const Company = defineEntity({
  name: 'Company',
  tableName: 'companies',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
    logo_path: p.string().length(255).nullable(),
    origin_country: p.text(),
    /** When TMDb last named it to us. */
    fetched_at: p.datetime().columnType('timestamptz'),
    /** What it is found by: its words, folded. */
    words: p.text().columnType('tsvector').generated(nameWordsSql),
  },
  indexes: [
    { name: 'companies_fetched_at_index', properties: ['fetched_at'] },
    {
      name: 'companies_words_index',
      expression: `create index companies_words_index on companies using gin (words) ${soonMerged}`,
    },
  ],
});
