import { defineEntity, p } from '@mikro-orm/core';
import { ownerKey } from './owner-key.ts';
import { tasteTriggers } from './taste-triggers.ts';

/** A favourite actor. No foreign key: the mirror may lose a person, the user keeps the choice. */
export const UserActorPreference = defineEntity({
  name: 'UserActorPreference',
  tableName: 'user_actor_preferences',
  triggers: tasteTriggers('user_actor_preferences'),
  primaryKeys: ['user', 'person_id'],
  properties: {
    user: ownerKey,
    person_id: p.integer().primary().autoincrement(false),
    /** The user's order. */
    position: p.smallint(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
