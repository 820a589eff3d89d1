import { p } from '@mikro-orm/core';
import { User } from './user.ts';

/** The first part of the key of whatever is a user's: it goes with them. */
export const ownerKey = () =>
  p
    .manyToOne(User)
    .joinColumn('user_id')
    .primary()
    .deleteRule('cascade')
    .updateRule('no action')
    .index(false);
