import { defineEntity, p } from '@mikro-orm/core';
import { tasteTriggers } from './taste-triggers.ts';
import { User } from './user.ts';

/** A favourite genre. No foreign key: the mirror may lose a genre, the user keeps the choice. */
export const UserGenrePreference = defineEntity({
  name: 'UserGenrePreference',
  tableName: 'user_genre_preferences',
  triggers: tasteTriggers('user_genre_preferences'),
  primaryKeys: ['user', 'genre_id'],
  properties: {
    user: () =>
      p
        .manyToOne(User)
        .joinColumn('user_id')
        .primary()
        .deleteRule('cascade')
        .updateRule('no action')
        .index(false),
    genre_id: p.integer().primary().autoincrement(false),
    /** The user's order. */
    position: p.smallint(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
