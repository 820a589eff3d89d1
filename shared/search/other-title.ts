import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { movieKey } from '../movies/movie-key.ts';

/**
 * What a movie is called elsewhere, as it is found by: one row for its translations and one for its alternative titles.
 * Triggers on those tables keep both. Apart from `movie_titles`, so that what only a foreign title says is looked for
 * where a movie's own titles say too little.
 */
export const OtherTitle = defineEntity({
  name: 'OtherTitle',
  tableName: 'movie_other_titles',
  primaryKeys: ['movie', 'kind'],
  properties: {
    movie: movieKey,
    /** 0: translations, 1: alternative titles. */
    kind: p.smallint().primary(),
    /** Each title once, folded as `title_key` is; at most a hundred. */
    keys: p.text().columnType('text[]').$type<string[]>(),
    /** Of each of the keys, the codes of its languages, joined by commas; of alternative titles always empty. */
    languages: p.text().columnType('text[]').$type<string[]>(),
    /** The words of all of them, each as a whole after a `=`. */
    words: p.text().columnType('tsvector'),
    /** Of the movie: 2 is very well known, 1 is well known. */
    renown: p.smallint().default(0),
    /** Of the way of folding, as for `movie_titles`. */
    version: p.integer().default(0),
  },
  indexes: [
    { name: 'movie_other_titles_version_index', properties: ['version', 'movie'] },
    // A common word is looked for among the few well-known movies first: these two hold them alone.
    {
      name: 'movie_other_titles_best_words_index',
      expression: `create index movie_other_titles_best_words_index on movie_other_titles using gin (words) ${soonMerged} where renown = 2`,
    },
    {
      name: 'movie_other_titles_known_words_index',
      expression: `create index movie_other_titles_known_words_index on movie_other_titles using gin (words) ${soonMerged} where renown >= 1`,
    },
    {
      name: 'movie_other_titles_words_index',
      expression: `create index movie_other_titles_words_index on movie_other_titles using gin (words) ${soonMerged}`,
    },
  ],
});
