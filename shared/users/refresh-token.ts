import { defineEntity, p } from '@mikro-orm/core';
import { Session } from './session.ts';

/** Kept after it was spent, so that a second use is seen for what it is. */
export const RefreshToken = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  properties: {
    /** SHA-256 of the token, which itself is stored nowhere. */
    token_hash: p.blob().primary(),
    session: () =>
      p
        .manyToOne(Session)
        .joinColumn('session_id')
        .deleteRule('cascade')
        .updateRule('no action')
        .index('refresh_tokens_session_id_index'),
    expires_at: p.datetime().columnType('timestamptz'),
    /** When it was used first. */
    spent_at: p.datetime().columnType('timestamptz').nullable(),
    /** How many pairs it was exchanged for. */
    uses: p.smallint().default(0),
  },
});
