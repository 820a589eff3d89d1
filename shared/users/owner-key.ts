import { p } from '@mikro-orm/core';
import { User } from './user.ts';

/** The first part of the key of a table with rows of users. They are deleted with their user. */
export const ownerKey = () =>
  p
    .manyToOne(User)
    .joinColumn('user_id')
    .primary()
    .deleteRule('cascade')
    .updateRule('no action')
    .index(false);
