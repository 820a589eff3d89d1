import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { Person } from '../people/person.ts';

/** What a person is found by; kept by triggers on `people`. */
export const PersonName = defineEntity({
  name: 'PersonName',
  tableName: 'person_names',
  properties: {
    person: () =>
      p
        .oneToOne(Person)
        .joinColumn('person_id')
        .primary()
        .owner()
        .deleteRule('cascade')
        .updateRule('no action'),
    /** Folded: without case, accents and punctuation. */
    name_key: p.text(),
    /** Its words, and, after a `=`, the whole without blanks. */
    words: p.text().columnType('tsvector'),
    /** How well known: 2 is very well, 1 is well. What a common name matches is looked for among these first. */
    renown: p.smallint().default(0),
    /** Of the way of folding, as for `movie_titles`. */
    version: p.integer().default(0),
  },
  indexes: [
    { name: 'person_names_version_index', properties: ['version', 'person'] },
    // The beginning of a word matches every twentieth name: these two hold the few names that are shown then.
    {
      name: 'person_names_best_words_index',
      expression: `create index person_names_best_words_index on person_names using gin (words) ${soonMerged} where renown = 2`,
    },
    {
      name: 'person_names_known_words_index',
      expression: `create index person_names_known_words_index on person_names using gin (words) ${soonMerged} where renown >= 1`,
    },
    {
      name: 'person_names_words_index',
      expression: `create index person_names_words_index on person_names using gin (words) ${soonMerged}`,
    },
  ],
});
