import { defineEntity, p } from '@mikro-orm/core';

export const Genre = defineEntity({
  name: 'Genre',
  tableName: 'genres',
  properties: {
    id: p.integer().primary().autoincrement(false),
    // Checked at the end of a statement, so that two genres may swap names in one upsert.
    name: p.string().length(255),
    /** Whether TMDb's genre list still has it; movies may carry one that the list dropped. */
    listed: p.boolean().default(true),
  },
  uniques: [{ name: 'genres_name_unique', properties: ['name'], deferMode: 'immediate' }],
});
