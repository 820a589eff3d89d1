import { defineEntity, p } from '@mikro-orm/core';
import { movieKey } from '../movies/movie-key.ts';
import { Person } from './person.ts';

export type CreditKind = 'cast' | 'crew';

/** Keyed on `credit_id`, not on the person: one person may stand twice in one cast. */
export const Credit = defineEntity({
  name: 'Credit',
  tableName: 'credits',
  primaryKeys: ['movie', 'credit_id'],
  properties: {
    movie: movieKey,
    credit_id: p.string().length(64).primary(),
    person: () =>
      p
        .manyToOne(Person)
        .joinColumn('person_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('credits_person_id_index'),
    kind: p.string().length(8).$type<CreditKind>(),
    character: p.text().nullable(),
    department: p.text().nullable(),
    job: p.text().nullable(),
    /** TMDb's `order` for cast, which may repeat; null for crew. */
    order: p.integer().nullable(),
    /** The place in TMDb's answer, which does not. */
    position: p.integer(),
  },
  checks: [{ name: 'credits_kind_check', expression: "kind in ('cast', 'crew')" }],
});
