import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { mostEntries } from '#shared/most-entries.ts';
import type { NoticeHub } from '../store/notice-hub.ts';
import type { Languages } from './languages.ts';
import type { Candidate, Shelf } from './select-candidates.ts';
import { selectOfLanguage, selectSiblings } from './select-widening.ts';

/** What the rules of lists need as candidates, beside what scores speak for. By our own ids. */
export interface Widening {
  /** The best in each language that has places in a list, where the candidates have few. */
  inLanguages(languages: Languages, shelf: Shelf, candidates: Iterable<Candidate>): Promise<number[]>;
  /** All parts of the series that the candidates are of. */
  inSeries(candidates: Iterable<Candidate>): Promise<number[]>;
}

/** With so many candidates in a language there is no need to look for more. */
const enoughOfLanguage = 100;

export function createWidening(deps: { pool: Pool; hub: NoticeHub; maxAgeMs: number }): Widening {
  const { pool, hub, maxAgeMs: ttl } = deps;
  const languages = new LRUCache<string, number[]>({ max: 500, ttl });
  const series = new LRUCache<number, number[]>({ ...mostEntries(20_000), ttl, ttlResolution: 1000 });
  /** Moves on with every clearing: what was read before one is not kept after it. */
  let epoch = 0;
  const clear = () => {
    languages.clear();
    series.clear();
    epoch++;
  };
  hub.subscribe({
    onGap: clear,
    onNotice: ({ kind }) => (kind === 'movies' || kind === 'list') && clear(),
  });
  const keep = (begunIn: number, write: () => void) => begunIn === epoch && hub.connected && write();

  const bestIn = async (language: string, { genre }: Shelf): Promise<number[]> => {
    const key = `${language}/${genre}`;
    const known = hub.connected ? languages.get(key) : undefined;
    if (known !== undefined) return known;
    const begunIn = epoch;
    const ids = await selectOfLanguage(pool, language, genre);
    keep(begunIn, () => languages.set(key, ids));
    return ids;
  };

  return {
    async inLanguages({ places }, shelf, candidates) {
      if (places.size === 0) return [];
      const counts = new Map<string | null, number>();
      for (const { language } of candidates) counts.set(language, (counts.get(language) ?? 0) + 1);
      const few = [...places.keys()].filter((code) => (counts.get(code) ?? 0) < enoughOfLanguage);
      return (await Promise.all(few.map((language) => bestIn(language, shelf)))).flat();
    },
    async inSeries(candidates) {
      const found: number[] = [];
      const missing: number[] = [];
      for (const id of new Set(Iterator.from(candidates).map((candidate) => candidate.collection_id))) {
        if (id === null) continue;
        const ids = hub.connected ? series.get(id) : undefined;
        if (ids === undefined) missing.push(id);
        else for (const sibling of ids) found.push(sibling);
      }
      if (missing.length === 0) return found;
      const begunIn = epoch;
      const read = await selectSiblings(pool, missing);
      for (const ids of read.values()) for (const sibling of ids) found.push(sibling);
      keep(begunIn, () => {
        for (const [id, ids] of read) series.set(id, ids);
      });
      return found;
    },
  };
}
