import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { ownMovieKey } from './movie-key.ts';
import { sampledText } from './sampled-movies.ts';

/**
 * What lists are filtered by, apart from what stands in the movie's own row: each keyword, company, country, provider
 * and release as one number (`term-codes.ts`). One row and one index for all of them: any combination is found by it
 * alone. Taken from the movie's parts, and written with them.
 */
export const MovieTerms = defineEntity({
  name: 'MovieTerms',
  tableName: 'movie_terms',
  properties: {
    movie: ownMovieKey,
    /** Each once, ascending. The last one says in which hour they were written (`writtenTerm`). */
    terms: p.array(Number).columnType('bigint[]'),
  },
  indexes: [
    {
      name: 'movie_terms_terms_index',
      expression: `create index movie_terms_terms_index on movie_terms using gin (terms) ${soonMerged}`,
    },
    {
      name: 'movie_terms_sample_index',
      expression: `create index movie_terms_sample_index on movie_terms using gin (terms) ${soonMerged} where ${sampledText('movie_id')}`,
    },
  ],
});
