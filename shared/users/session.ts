import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

/** One login and everything refreshed from it. Ending it is deleting it: its tokens prove nothing from then on. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    user: () =>
      p
        .manyToOne(User)
        .joinColumn('user_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('sessions_user_id_index'),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    refreshed_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** Moves on with every refresh. */
    expires_at: p.datetime().columnType('timestamptz'),
  },
  indexes: [{ name: 'sessions_expires_at_index', properties: ['expires_at'] }],
});
