import { defineEntity, p } from '@mikro-orm/core';
import { tellTriggers } from './tell-triggers.ts';
import { User } from './user.ts';

export const sessionKinds = ['api', 'console'] as const;
export type SessionKind = (typeof sessionKinds)[number];

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
    kind: p.string().length(8).$type<SessionKind>().default('api'),
    /** Whether a second factor was given for it. */
    totp: p.boolean().default(false),
    /** Browser and system, as the browser says. */
    device: p.string().length(100).nullable(),
    /** A part of the address: enough to recognize, too little to find somebody. */
    network: p.string().length(45).nullable(),
    /** Moves on with every refresh, at most to the absolute end. */
    expires_at: p.datetime().columnType('timestamptz'),
  },
  checks: [
    {
      name: 'sessions_kind_check',
      expression: `kind in (${sessionKinds.map((kind) => `'${kind}'`).join(', ')})`,
    },
  ],
  triggers: tellTriggers('sessions', 'tell_of_owners'),
  indexes: [{ name: 'sessions_expires_at_index', properties: ['expires_at'] }],
});
