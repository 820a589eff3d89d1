import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { keyOfAudience } from '#api/movies/audience.ts';
import { mostEntries } from '#shared/most-entries.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import { type Candidate, type Shelf, selectFacts } from './select-candidates.ts';

/** Caches the part of each candidate that is the same for all users: most lists use the same movies. */
export interface Facts {
  /** The candidates among these movies, without those that may not be shown. */
  of(shelf: Shelf, movieIds: readonly number[]): Promise<Candidate[]>;
}

/** A few hundred bytes each. */
const maxMovies = 50_000;
const hidden = Symbol('not to be shown');

export function createFacts(deps: { pool: Pool; hub: NoticeHub; maxAgeMs: number }): Facts {
  const { pool, hub, maxAgeMs } = deps;
  const known = new LRUCache<string, Candidate | typeof hidden>({
    ...mostEntries(maxMovies),
    ttl: maxAgeMs,
    ttlResolution: 1000,
  });
  /** Moves on with every clearing: what was read before one is not kept after it. */
  let epoch = 0;
  const clear = () => {
    known.clear();
    epoch++;
  };
  hub.subscribe({
    onGap: clear,
    onNotice: ({ kind }) => (kind === 'movies' || kind === 'list') && clear(),
  });
  return {
    async of(shelf, movieIds) {
      const keyOf = (id: number) => `${keyOfAudience(shelf.audience)}/${shelf.genre}/${id}`;
      const found: Candidate[] = [];
      const missing: number[] = [];
      for (const id of new Set(movieIds)) {
        const fact = hub.connected ? known.get(keyOf(id)) : undefined;
        if (fact === undefined) missing.push(id);
        else if (fact !== hidden) found.push(fact);
      }
      if (missing.length === 0) return found;
      const begunIn = epoch;
      const read = new Map((await selectFacts(pool, shelf, missing)).map((fact) => [fact.movie_id, fact]));
      if (begunIn === epoch && hub.connected)
        for (const id of missing) known.set(keyOf(id), read.get(id) ?? hidden);
      return [...found, ...read.values()];
    },
  };
}
