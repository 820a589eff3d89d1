import { defineEntity, p } from '@mikro-orm/core';
import { ownerKey } from './owner-key.ts';

/** A network that the user has signed in from: failed logins elsewhere never keep them out there. */
export const LoginNetwork = defineEntity({
  name: 'LoginNetwork',
  tableName: 'login_networks',
  primaryKeys: ['user', 'network'],
  properties: {
    user: ownerKey,
    /** `203.0.113.0/24`, or of IPv6 the first 48 bits. */
    network: p.string().length(64).primary(),
    last_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
