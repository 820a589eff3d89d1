import { defineEntity, p } from '@mikro-orm/core';
import { ownerKey } from './owner-key.ts';

/** The second factor of an account: codes of an authenticator app (RFC 6238). */
export const Totp = defineEntity({
  name: 'Totp',
  tableName: 'user_totp',
  properties: {
    user: ownerKey,
    /** Sealed: only processes that know JWT_SECRET can read it. */
    secret: p.string().length(255),
    /** Counts from then on. Before, it was only shown. */
    confirmed_at: p.datetime().columnType('timestamptz').nullable(),
    /** The time step of the last code that was taken: none works twice. */
    last_step: p.bigint().$type<string>().default('0'),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
  },
});
