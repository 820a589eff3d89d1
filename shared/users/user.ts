import { defineEntity, p } from '@mikro-orm/core';

export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    name: p.string().length(255),
    email: p.string().length(255).unique(),
    password_hash: p.string().length(255).hidden(),
    date_of_birth: p.date().nullable(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    updated_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
  triggers: [
    {
      name: 'users_touch_updated_at',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      body: 'new.updated_at = clock_timestamp(); return new;',
    },
  ],
});
