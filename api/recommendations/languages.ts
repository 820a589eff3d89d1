import type { HistoryMovie } from './select-taste.ts';
import { leastLanguageShare, manyOfLanguage } from './weights.ts';

/** What the languages of the movies that somebody likes say. */
export interface Languages {
  /** How much of what they like is in each language, of 1. */
  shares: ReadonlyMap<string, number>;
  /** How many of the first ten should be in each. */
  places: ReadonlyMap<string, number>;
}

/** TMDb's code for a film without words, and what is no code. */
const isLanguage = (code: string | null): code is string =>
  code !== null && code !== 'xx' && /^[a-z]{2,3}$/.test(code);

/**
 * A language has a place in the first ten for each fifth of what is liked: half of its share, rounded up. One movie
 * says nothing of a language, several of many say something, and four are enough for two places.
 */
export function languagesOf(liked: readonly Pick<HistoryMovie, 'language'>[]): Languages {
  const shares = new Map<string, number>();
  const places = new Map<string, number>();
  const spoken = liked.flatMap(({ language }) => (isLanguage(language) ? [language] : []));
  for (const [language, { length }] of Map.groupBy(spoken, (code) => code)) {
    const share = length / liked.length;
    shares.set(language, share);
    const least = length >= manyOfLanguage ? 2 : 0;
    const own = length >= 2 && share >= leastLanguageShare ? Math.ceil(share * 5) : 0;
    if (least + own > 0) places.set(language, Math.max(least, own));
  }
  return { shares, places };
}
