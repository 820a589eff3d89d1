import { defineEntity, p } from '@mikro-orm/core';

/**
 * `none`: no other movie was found; `proposed`: an administrator has to decide; `rejected`: they are two movies;
 * `confirmed`: what users saved is being moved; `moved`: it is, and the old id leads to the new one.
 */
export const mergeStates = ['none', 'proposed', 'rejected', 'confirmed', 'moved'] as const;
export type MergeState = (typeof mergeStates)[number];

/** What became of a movie that TMDb deleted: perhaps it was merged into another one. */
export const MovieMerge = defineEntity({
  name: 'MovieMerge',
  tableName: 'movie_merges',
  properties: {
    tmdb_id: p.integer().primary().autoincrement(false),
    into_tmdb_id: p.integer().nullable(),
    state: p.string().length(16).$type<MergeState>(),
    /** 0…1: how much speaks for it. Of an administrator's own it is 1. */
    certainty: p.float().columnType('real').nullable(),
    looked_at: p.datetime().columnType('timestamptz'),
    decided_at: p.datetime().columnType('timestamptz').nullable(),
  },
  checks: [
    {
      name: 'movie_merges_state_check',
      expression: `state in (${mergeStates.map((state) => `'${state}'`).join(', ')})`,
    },
    { name: 'movie_merges_into_check', expression: "state = 'none' or into_tmdb_id <> tmdb_id" },
  ],
  indexes: [{ name: 'movie_merges_state_index', properties: ['state'] }],
});
