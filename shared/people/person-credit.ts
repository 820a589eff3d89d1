import { defineEntity, p } from '@mikro-orm/core';
import { Movie } from '../movies/movie.ts';
import type { CreditKind } from './credit.ts';
import { Person } from './person.ts';

/**
 * The films of a person who is known in full, as TMDb gives them of the person: also of movies that are known only from
 * here. Those in `credits` are TMDb's of the movie.
 */
export const PersonCredit = defineEntity({
  name: 'PersonCredit',
  tableName: 'person_credits',
  primaryKeys: ['person', 'credit_id'],
  properties: {
    person: () =>
      p
        .manyToOne(Person)
        .joinColumn('person_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    credit_id: p.string().length(64).primary(),
    movie: () =>
      p
        .manyToOne(Movie)
        .joinColumn('movie_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('person_credits_movie_id_index'),
    kind: p.string().length(8).$type<CreditKind>(),
    character: p.text().nullable(),
    department: p.text().nullable(),
    job: p.text().nullable(),
    /** The place in TMDb's answer. */
    position: p.integer(),
  },
  checks: [{ name: 'person_credits_kind_check', expression: "kind in ('cast', 'crew')" }],
});
