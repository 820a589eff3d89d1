import { defineEntity, p } from '@mikro-orm/core';
import { soonMerged } from '#shared/db/soon-merged.ts';
import { tellTriggers } from './tell-triggers.ts';

export const roles = ['user', 'admin'] as const;
export type Role = (typeof roles)[number];

export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    name: p.string().length(255),
    /** Lower case: addresses compare without regard to case. */
    email: p.string().length(255).unique(),
    password_hash: p.string().length(255).hidden(),
    date_of_birth: p.date().nullable(),
    /** `XX`: whose certifications, release dates and providers they are shown. */
    country: p.string().length(2).nullable(),
    /** Moves with every change of the user's interactions, ratings and preferences: what was made of them before is outdated. */
    taste_version: p.bigint().default(0),
    role: p.string().length(8).$type<Role>().default('user'),
    /** A locked account cannot sign in, and has no sessions. */
    locked_at: p.datetime().columnType('timestamptz').nullable(),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()').index('users_created_at_index'),
    updated_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
  checks: [
    {
      name: 'users_role_check',
      expression: `role in (${roles.map((role) => `'${role}'`).join(', ')})`,
    },
  ],
  // For a part of either that administrators look for.
  indexes: [
    {
      name: 'users_parts_index',
      expression: `create index users_parts_index on users using gin (name gin_trgm_ops, email gin_trgm_ops) ${soonMerged}`,
    },
  ],
  triggers: [
    {
      name: 'users_touch_updated_at',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      body: 'new.updated_at = clock_timestamp(); return new;',
    },
    ...tellTriggers('users', 'tell_of_users'),
  ],
});
