import { defineEntity, p } from '@mikro-orm/core';
import { ownerKey } from './owner-key.ts';
import { tasteTriggers } from './taste-triggers.ts';

/** A favourite genre. No foreign key: the mirror may lose a genre, the user keeps the choice. */
export const UserGenrePreference = defineEntity({
  name: 'UserGenrePreference',
  tableName: 'user_genre_preferences',
  triggers: tasteTriggers('user_genre_preferences'),
  primaryKeys: ['user', 'genre_id'],
  properties: {
    user: ownerKey,
    genre_id: p.integer().primary().autoincrement(false),
    /** The user's order. */
    position: p.smallint(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
