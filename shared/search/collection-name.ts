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
  triggers: [
    {
      name: 'collection_names_show',
      timing: 'after',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      // Movies with an English name in their answer are as if mapped by rules of the past: `details` maps them again. The
      // lock waits for those who read the name and have not written their movies yet.
      body: `if left(coalesce(new.language, old.language), 2) = 'en' and new.name is distinct from old.name then perform 1 from collections where id = coalesce(new.collection_id, old.collection_id) for update; update movies set parts_version = 1, answer_made_of = null where collection_id = coalesce(new.collection_id, old.collection_id) and parts_version is not null; end if; return null;`,
    },
  ],
});
