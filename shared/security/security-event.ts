import { defineEntity, p } from '@mikro-orm/core';

/** Everything that the security log knows. */
export const securityEventNames = [
  'register',
  'login',
  'console_login',
  'logout',
  'token_reuse',
  'token_refused',
  'session_end',
  'password_proof',
  'password_change',
  'email_change',
  'account_delete',
  'reset_request',
  'reset_link',
  'password_reset',
  'totp_on',
  'totp_off',
  'access',
  'cross_site',
  'throttle',
  'role_change',
  'lock',
  'unlock',
  'key_issue',
  'key_revoke',
  'sync_request',
  'failure_replay',
  'queue_action',
  'movie_merge',
  'movie_fetch',
  'events_dropped',
] as const;
export type SecurityEventName = (typeof securityEventNames)[number];

export const securityOutcomes = ['done', 'refused'] as const;
export type SecurityOutcome = (typeof securityOutcomes)[number];

/** A line of the security log. No foreign key: a line outlives its user, whose id then is a keyed hash. */
export const SecurityEvent = defineEntity({
  name: 'SecurityEvent',
  tableName: 'security_events',
  properties: {
    id: p.bigint().primary().autoincrement(),
    at: p.datetime().columnType('timestamptz').index('security_events_at_index'),
    event: p.string().length(24).$type<SecurityEventName>(),
    outcome: p.string().length(8).$type<SecurityOutcome>(),
    /** Who did it. */
    user_id: p.string().length(64).nullable().index('security_events_user_id_index'),
    /** Whose account it was done to. */
    subject_id: p.string().length(64).nullable().index('security_events_subject_id_index'),
    /** A keyed hash: the same address has the same one. */
    address_key: p.string().length(64).nullable(),
    detail: p.string().length(200).nullable(),
  },
  // For what administrators look for, newest first.
  indexes: [
    { name: 'security_events_event_index', properties: ['event', 'at'] },
    { name: 'security_events_address_key_index', properties: ['address_key', 'at'] },
  ],
});
