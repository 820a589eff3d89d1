import type { Evidence } from './evidence.ts';
import { liftsOf, noLifts } from './lifts.ts';
import type { PartName, Strategy } from './model.ts';
import { partsOf } from './parts.ts';
import { reasonsFor, type Why } from './reasons.ts';
import { rounded } from './rounded.ts';
import type { Candidate } from './select-candidates.ts';
import type { Taste } from './select-taste.ts';
import { collectionDecay, genreSaturation, maxResults, mostOfCollection, weights } from './weights.ts';

export interface Ranked {
  tmdbId: number;
  score: number;
  parts: Record<PartName, number>;
  /** Looked for only when it is shown. */
  reasons: () => Why[];
}

interface Entry {
  candidate: Candidate;
  parts: Record<PartName, number>;
  base: number;
  value: number;
}

export function strategyOf(taste: Taste): Strategy {
  if (taste.hasInteractions) return 'personalized';
  const { genres, actors, history } = taste;
  const isStated = genres.length + actors.length > 0 || history.some(({ kind }) => kind === 'favorite');
  return isStated ? 'preferences' : 'cold_start';
}

/**
 * The candidates by the sum of their parts, best first, ties by TMDb id. Each one taken makes those of its collection
 * (without any taste to go by, also those of its genre) worth less, so that scores only ever fall.
 */
export function rankCandidates(candidates: Iterable<Candidate>, evidence: Evidence): Ranked[] {
  const { taste } = evidence;
  const strategy = strategyOf(taste);
  const counts = evidence.history.size > 0 ? weights.personal : weights[plainWeights[strategy]];
  const entries: Entry[] = [];
  const all = [...candidates];
  const lifts = counts === weights.preferences ? liftsOf(all, evidence) : noLifts;
  for (const candidate of all) {
    if (taste.excluded.has(candidate.movie_id)) continue;
    const parts = partsOf(candidate, evidence, { weights: counts, lifts });
    const base = rounded(Object.values(parts).reduce((sum, part) => sum + part, 0));
    entries.push({ candidate, parts, base, value: base });
  }
  return takeBest(entries, strategy === 'cold_start').map(({ candidate, parts, base, value }) => ({
    tmdbId: candidate.tmdb_id,
    score: value,
    parts: { ...parts, variety: rounded(value - base) },
    reasons: () => reasonsFor(candidate, evidence),
  }));
}

const plainWeights = { personalized: 'cold', preferences: 'preferences', cold_start: 'cold' } as const;

const compareBestFirst = (a: Entry, b: Entry) =>
  b.value - a.value || a.candidate.tmdb_id - b.candidate.tmdb_id;

/** Greedy: takes the best entry. An entry whose value has fallen since is put back at its new place. */
function takeBest(entries: Entry[], spreadGenres: boolean): Entry[] {
  const waiting = entries.sort((a, b) => compareBestFirst(b, a));
  const variety = createVariety(spreadGenres);
  const taken: Entry[] = [];
  for (let best = waiting.pop(); best !== undefined && taken.length < maxResults; best = waiting.pop()) {
    const value = variety.valueOf(best);
    if (value === undefined) continue;
    if (value < best.value) {
      best.value = value;
      waiting.splice(placeOf(waiting, best), 0, best);
      continue;
    }
    variety.take(best);
    taken.push(best);
  }
  return taken;
}

/** Where it belongs among the waiting, the best of whom is last. */
function placeOf(waiting: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiting[middle];
    if (other !== undefined && compareBestFirst(entry, other) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function createVariety(spreadGenres: boolean) {
  const collections = new Map<number, number>();
  const genres = new Map<string, number>();
  const genreOf = ({ candidate }: Entry) => candidate.genre_ids?.split(',', 1)[0] ?? '';
  return {
    /** `undefined`: there are enough of its kind. */
    valueOf(entry: Entry): number | undefined {
      const { collection_id: collection } = entry.candidate;
      const before = collection === null ? 0 : (collections.get(collection) ?? 0);
      if (before >= mostOfCollection) return undefined;
      if (entry.base <= 0) return entry.base;
      const spread = spreadGenres ? 1 + genreSaturation * (genres.get(genreOf(entry)) ?? 0) : 1;
      return rounded((entry.base * collectionDecay ** before) / spread);
    },
    take(entry: Entry) {
      const { collection_id: collection } = entry.candidate;
      if (collection !== null) collections.set(collection, (collections.get(collection) ?? 0) + 1);
      const genre = genreOf(entry);
      genres.set(genre, (genres.get(genre) ?? 0) + 1);
    },
  };
}
