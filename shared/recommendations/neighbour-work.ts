import { defineEntity, p } from '@mikro-orm/core';

/**
 * What a run of `neighbours` has read and computed so far, in parts of a megabyte: one that is killed goes on with it.
 * Emptied with the end of the run. Unlogged, and in no backup: lost, it is computed again.
 */
export const NeighbourWork = defineEntity({
  name: 'NeighbourWork',
  tableName: 'neighbour_work',
  primaryKeys: ['name', 'part'],
  properties: {
    name: p.string().length(64).primary(),
    part: p.integer().primary(),
    data: p.blob(),
  },
});
