import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { ownMovieKey } from '../movies/movie-key.ts';

/**
 * What a movie that lists may show is found by; kept by triggers on `movies`, so that no writer can forget it, and
 * apart from it, so that a movie which only became popular is not indexed anew.
 */
export const MovieTitle = defineEntity({
  name: 'MovieTitle',
  tableName: 'movie_titles',
  properties: {
    movie: ownMovieKey,
    tmdb_id: p.integer(),
    /** The whole title, folded: without case, accents and punctuation, initials as one word. */
    title_key: p.text(),
    /** The original title, folded, where it is another one. */
    original_key: p.text().nullable(),
    /** The words of both, each as a whole without blanks after a `=`, and `#1`, `#2` for the best known. */
    words: p.text().columnType('tsvector'),
    /** Of the way of folding, as `search_version()` was when the row was written. `details` rewrites older ones. */
    version: p.integer().default(0),
  },
  indexes: [
    { name: 'movie_titles_version_index', properties: ['version', 'movie'] },
    // What two letters begin is looked for among the few well-known movies first: these two hold them alone.
    {
      name: 'movie_titles_best_words_index',
      expression: `create index movie_titles_best_words_index on movie_titles using gin (words) ${soonMerged} where words @@ '''#1'''::tsquery`,
    },
    {
      name: 'movie_titles_known_words_index',
      expression: `create index movie_titles_known_words_index on movie_titles using gin (words) ${soonMerged} where words @@ '''#2'''::tsquery`,
    },
    {
      name: 'movie_titles_words_index',
      expression: `create index movie_titles_words_index on movie_titles using gin (words) ${soonMerged}`,
    },
  ],
});
