import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { Collection } from '../movies/collection.ts';

/** What a collection is found by: a trigger on `collections` keeps its own name, who saves it whole the others. */
export const CollectionName = defineEntity({
  name: 'CollectionName',
  tableName: 'collection_names',
  primaryKeys: ['collection', 'language'],
  properties: {
    collection: () =>
      p
        .manyToOne(Collection)
        .joinColumn('collection_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    /** `xx-YY`; empty for the name without a language. */
    language: p.string().length(5).primary(),
    name: p.text(),
    /** Folded, as titles are. */
    name_key: p.text(),
    words: p.text().columnType('tsvector'),
    /** Of the way of folding, as for `movie_titles`. */
    version: p.integer().default(0),
  },
  indexes: [
    { name: 'collection_names_version_index', properties: ['version', 'collection'] },
    {
      name: 'collection_names_words_index',
      expression: `create index collection_names_words_index on collection_names using gin (words) ${soonMerged}`,
    },
  ],
});
