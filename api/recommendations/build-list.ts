import { createLanguagePlaces } from './language-places.ts';
import type { Languages } from './languages.ts';
import { rounded } from './rounded.ts';
import type { Scored, Slot } from './scored.ts';
import { createSeries } from './series.ts';
import { createSlotQueue } from './slot-queue.ts';
import { createVariety } from './variety.ts';
import { firstPlaces, maxResults } from './weights.ts';

/** A movie at its place: the parts say what the rules of lists have changed. */
export interface Placed extends Scored {
  score: number;
  /** It is there for its language. */
  forLanguage: boolean;
}

export interface ListRules {
  /** Without any taste to go by: each further movie of a genre is worth less. */
  spreadGenres: boolean;
  languages: Languages['places'];
}

/**
 * The rules of every list, whatever the scores are made of. Greedy: takes what is worth most, ties by TMDb id. What has
 * lost worth by what stands before it is put back at its new place, so that scores only ever fall.
 * - Of a series the unseen parts come in the order of their release: the first gets the place of the best.
 * - The first ten have at most two movies of a collection, and some in each language that is liked.
 */
export function buildList(scored: readonly Scored[], { spreadGenres, languages }: ListRules): Placed[] {
  const waiting = createSlotQueue(
    scored.map((one) => ({ ...one, value: one.base, most: Number.POSITIVE_INFINITY })),
  );
  const series = createSeries(scored);
  const variety = createVariety(spreadGenres);
  const places = createLanguagePlaces(languages);
  const taken: Placed[] = [];
  let later: Slot[] = [];
  const take = (slot: Slot, value: number, lift: number) => {
    const placed = placedAt(slot, series.next(slot), { value, lift });
    variety.take(placed.candidate);
    places.take(placed.candidate);
    taken.push(placed);
  };

  while (taken.length < maxResults) {
    if (taken.length === firstPlaces) {
      const most = taken.at(-1)?.score ?? 0;
      for (const slot of later) waiting.putBack({ ...slot, value: most, most });
      later = [];
    }
    const wanted = places.isDue(firstPlaces - taken.length) ? places.find(waiting, variety) : undefined;
    if (wanted !== undefined) {
      const own = variety.valueOf(wanted);
      const value = Math.max(own, waiting.best()?.value ?? own);
      take(wanted, value, value - own);
      continue;
    }
    const best = waiting.takeBest();
    if (best === undefined) break;
    const room = variety.roomFor(best.candidate, taken.length);
    const value = Math.min(variety.valueOf(best), best.most);
    if (room === 'later') later.push(best);
    else if (room === 'now' && value < best.value) waiting.putBack({ ...best, value });
    else if (room === 'now') take(best, value, 0);
  }
  return taken;
}

/** @param lift what of the value the movie gets for its language */
function placedAt(slot: Slot, movie: Scored, { value, lift }: { value: number; lift: number }): Placed {
  const parts = {
    ...movie.parts,
    series: rounded(slot.base - movie.base),
    language: rounded(movie.parts.language + lift),
    variety: rounded(value - lift - slot.base),
  };
  return { ...movie, parts, score: value, forLanguage: lift > 0 };
}
