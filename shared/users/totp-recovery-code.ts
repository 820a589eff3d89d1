import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

/** Stands for a code of the app, once: then it is deleted. */
export const TotpRecoveryCode = defineEntity({
  name: 'TotpRecoveryCode',
  tableName: 'totp_recovery_codes',
  properties: {
    /** SHA-256 of the code, which itself is stored nowhere. */
    code_hash: p.blob().primary(),
    user: () =>
      p
        .manyToOne(User)
        .joinColumn('user_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('totp_recovery_codes_user_id_index'),
  },
});
