import { defineEntity, p } from '@mikro-orm/core';
import { namedMovieKey } from '../movies/movie-key.ts';
import { ownerKey } from './owner-key.ts';
import { tasteTriggers } from './taste-triggers.ts';

/** `hidden`: never to be recommended again. */
export const interactionTypes = ['liked', 'disliked', 'bookmarked', 'watched', 'hidden'] as const;
export type InteractionType = (typeof interactionTypes)[number];

export const UserMovieInteraction = defineEntity({
  name: 'UserMovieInteraction',
  tableName: 'user_movie_interactions',
  triggers: tasteTriggers('user_movie_interactions'),
  primaryKeys: ['user', 'movie', 'interaction_type'],
  properties: {
    user: ownerKey,
    movie: () => namedMovieKey('user_movie_interactions_movie_id_index'),
    interaction_type: p.string().length(50).$type<InteractionType>().primary(),
    /** When it happened, as the user says; in the API `at`. */
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** False for a row of an import that named no day: any opinion with one stands against it. */
    is_dated: p.boolean().default(true),
  },
  indexes: [
    {
      name: 'user_movie_interactions_newest_index',
      // Whole as lists are ordered: many may have happened at one moment, such as all that an import names no day of.
      expression:
        'create index user_movie_interactions_newest_index on user_movie_interactions (user_id, created_at desc, movie_id desc, interaction_type)',
    },
    {
      name: 'user_movie_interactions_one_opinion',
      expression:
        "create unique index user_movie_interactions_one_opinion on user_movie_interactions (user_id, movie_id) where interaction_type in ('liked', 'disliked')",
    },
  ],
  checks: [
    {
      name: 'user_movie_interactions_interaction_type_check',
      expression: `interaction_type in (${interactionTypes.map((type) => `'${type}'`).join(', ')})`,
    },
  ],
});
