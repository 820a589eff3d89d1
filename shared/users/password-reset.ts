import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

/** A link to set a new password. It works once: then it is deleted. */
export const PasswordReset = defineEntity({
  name: 'PasswordReset',
  tableName: 'password_resets',
  properties: {
    /** SHA-256 of the token in the link, which itself is stored nowhere. */
    token_hash: p.blob().primary(),
    user: () =>
      p
        .manyToOne(User)
        .joinColumn('user_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('password_resets_user_id_index'),
    created_at: p.datetime().columnType('timestamptz').defaultRaw('now()'),
    expires_at: p.datetime().columnType('timestamptz'),
  },
});
