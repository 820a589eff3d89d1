import { defineEntity, p } from '@mikro-orm/core';
import { Genre } from './genre.ts';

/** The names of genres in other languages than English. */
export const GenreTranslation = defineEntity({
  name: 'GenreTranslation',
  tableName: 'genre_translations',
  primaryKeys: ['genre', 'language'],
  properties: {
    genre: () =>
      p
        .manyToOne(Genre)
        .joinColumn('genre_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    /** `xx`, or `xx-YY` where a country has names of its own. */
    language: p.string().length(5).primary(),
    name: p.text(),
    fetched_at: p.datetime().columnType('timestamptz'),
  },
  indexes: [{ name: 'genre_translations_fetched_at_index', properties: ['fetched_at'] }],
});
