import { defineEntity, p } from '@mikro-orm/core';

export const Person = defineEntity({
  name: 'Person',
  tableName: 'people',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
    profile_path: p.string().length(255).nullable(),
    known_for_department: p.text().nullable(),
    popularity: p.float().columnType('double precision').nullable(),
    /** TMDb's: 1 female, 2 male, 3 non-binary. */
    gender: p.smallint().nullable(),
    original_name: p.text().nullable(),
    adult: p.boolean().nullable(),
    /** Of those whom somebody has asked for. */
    imdb_id: p.string().length(11).nullable(),
    /** When TMDb last named this person to us. */
    fetched_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
  indexes: [
    { name: 'people_fetched_at_index', properties: ['fetched_at'] },
    {
      name: 'people_imdb_id_index',
      expression: 'create index people_imdb_id_index on people (imdb_id) where imdb_id is not null',
    },
    {
      name: 'people_by_popularity_index',
      expression: 'create index people_by_popularity_index on people (popularity desc nulls last, id)',
    },
  ],
  // What people are found by (`person_names`), for all rows of a statement at once.
  triggers: [
    {
      name: 'people_keep_names',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger people_keep_names after insert on people referencing new table as changed for each statement execute function keep_people()',
    },
    {
      name: 'people_change_names',
      timing: 'after',
      events: ['update'],
      forEach: 'statement',
      expression:
        'create trigger people_change_names after update on people referencing old table as former new table as changed for each statement execute function change_people()',
    },
  ],
});
