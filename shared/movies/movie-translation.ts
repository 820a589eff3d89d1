import { defineEntity, p } from '@mikro-orm/core';
import { movieKey } from './movie-key.ts';

/** What a movie is called and what it is about in the languages that are kept. What TMDb left empty is null. */
export const MovieTranslation = defineEntity({
  name: 'MovieTranslation',
  tableName: 'movie_translations',
  primaryKeys: ['movie', 'language'],
  properties: {
    movie: movieKey,
    /** `xx-YY` */
    language: p.string().length(5).primary(),
    /** Null: as the original. */
    title: p.text().nullable(),
    overview: p.text().nullable(),
    tagline: p.text().nullable(),
    homepage: p.text().nullable(),
    /** Minutes. */
    runtime: p.integer().nullable(),
  },
  triggers: [
    {
      name: 'movie_translations_keep_titles',
      timing: 'after',
      events: ['insert'],
      forEach: 'statement',
      expression:
        'create trigger movie_translations_keep_titles after insert on movie_translations referencing new table as changed for each statement execute function keep_movie_translations()',
    },
    {
      name: 'movie_translations_change_titles',
      timing: 'after',
      events: ['update'],
      forEach: 'statement',
      expression:
        'create trigger movie_translations_change_titles after update on movie_translations referencing old table as former new table as changed for each statement execute function change_movie_translations()',
    },
    {
      name: 'movie_translations_lose_titles',
      timing: 'after',
      events: ['delete'],
      forEach: 'statement',
      expression:
        'create trigger movie_translations_lose_titles after delete on movie_translations referencing old table as former for each statement execute function lose_movie_translations()',
    },
  ],
});
