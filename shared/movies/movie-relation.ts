import { defineEntity, p } from '@mikro-orm/core';
import { Movie } from './movie.ts';
import { movieKey } from './movie-key.ts';

export type RelationKind = 'recommendation' | 'similar';

/** TMDb's own relations, in TMDb's order. */
export const MovieRelation = defineEntity({
  name: 'MovieRelation',
  tableName: 'movie_relations',
  primaryKeys: ['movie', 'kind', 'related_movie'],
  properties: {
    movie: movieKey,
    kind: p.string().length(16).$type<RelationKind>().primary(),
    related_movie: () =>
      p
        .manyToOne(Movie)
        .joinColumn('related_movie_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index('movie_relations_related_movie_id_index')
        // A third of all the time that writing a movie took. What lists say is never deleted, and is written before this.
        .createForeignKeyConstraint(false),
    rank: p.smallint(),
  },
  checks: [{ name: 'movie_relations_kind_check', expression: "kind in ('recommendation', 'similar')" }],
});
