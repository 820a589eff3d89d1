import { defineEntity, p } from '@mikro-orm/core';
import { Keyword } from './keyword.ts';
import { movieKey } from './movie-key.ts';

export const MovieKeyword = defineEntity({
  name: 'MovieKeyword',
  tableName: 'movie_keywords',
  primaryKeys: ['movie', 'keyword'],
  properties: {
    movie: movieKey,
    keyword: () =>
      p
        .manyToOne(Keyword)
        .joinColumn('keyword_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index('movie_keywords_keyword_id_index'),
    position: p.smallint(),
  },
});
