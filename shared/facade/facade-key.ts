import { defineEntity, p } from '@mikro-orm/core';

/** A key of `/3`, in both shapes that TMDb's clients send. Neither is stored: whoever has lost one gets another. */
export const FacadeKey = defineEntity({
  name: 'FacadeKey',
  tableName: 'facade_keys',
  properties: {
    id: p.uuid().primary(),
    name: p.string().length(100).unique('facade_keys_name_unique'),
    /** SHA-256 of the 32 hex characters. */
    api_key_hash: p.blob().unique('facade_keys_api_key_hash_unique'),
    /** SHA-256 of the token that goes into `Authorization`. */
    token_hash: p.blob().unique('facade_keys_token_hash_unique'),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    /** To the hour. */
    last_used_at: p.datetime().columnType('timestamptz').nullable(),
  },
});
