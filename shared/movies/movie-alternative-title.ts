import { defineEntity, p } from '@mikro-orm/core';
import { movieKey } from './movie-key.ts';

/** Other titles that a movie is known by, in TMDb's order. */
export const MovieAlternativeTitle = defineEntity({
  name: 'MovieAlternativeTitle',
  tableName: 'movie_alternative_titles',
  primaryKeys: ['movie', 'position'],
  properties: {
    movie: movieKey,
    position: p.smallint().primary(),
    /** `XX`, or null where TMDb names none. */
    country: p.string().length(2).nullable(),
    title: p.text(),
    /** What kind of title it is, in TMDb's words (`romanization`). */
    type: p.text().nullable(),
  },
  triggers: [
    {
      name: 'movie_alternative_titles_keep_titles',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger movie_alternative_titles_keep_titles after insert on movie_alternative_titles referencing new table as changed for each statement execute function keep_movie_alternative_titles()',
    },
    {
      name: 'movie_alternative_titles_change_titles',
      timing: 'after',
      events: ['update'],
      forEach: 'statement',
      expression:
        'create trigger movie_alternative_titles_change_titles after update on movie_alternative_titles referencing old table as former new table as changed for each statement execute function change_movie_alternative_titles()',
    },
    {
      name: 'movie_alternative_titles_lose_titles',
      timing: 'after',
      events: ['delete'],
      forEach: 'statement',
      expression:
        'create trigger movie_alternative_titles_lose_titles after delete on movie_alternative_titles referencing old table as former for each statement execute function lose_movie_alternative_titles()',
    },
  ],
});
