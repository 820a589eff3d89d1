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
  triggers: [
    {
      name: 'people_keep_name',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      // Compared here: most updates change neither, and calling a function for each would cost more.
      body: 'if (old.name, old.popularity >= 10, old.popularity >= 2) is distinct from (new.name, new.popularity >= 10, new.popularity >= 2) then perform put_person_name(new.id, new.name, new.popularity); end if; return null;',
    },
  ],
});
