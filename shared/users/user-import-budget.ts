import { defineEntity, p } from '@mikro-orm/core';
import { ownerKey } from './owner-key.ts';

/** How often TMDb was asked on a day (UTC) for one user's imports. It outlives them, so that deleting one wins nothing. */
export const UserImportBudget = defineEntity({
  name: 'UserImportBudget',
  tableName: 'user_import_budgets',
  primaryKeys: ['user', 'day'],
  properties: {
    user: ownerKey,
    day: p.date().primary(),
    asked: p.integer().default(0),
  },
});
