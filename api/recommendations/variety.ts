import { rounded } from './rounded.ts';
import type { Scored } from './scored.ts';
import type { Candidate } from './select-candidates.ts';
import {
  collectionDecay,
  firstPlaces,
  genreSaturation,
  mostOfCollection,
  mostOfCollectionFirst,
} from './weights.ts';

export type Variety = ReturnType<typeof createVariety>;

/** What stands in a list already, and what it leaves to those like it. */
export function createVariety(spreadGenres: boolean) {
  const collections = new Map<number | null, number>();
  const genres = new Map<string, number>();
  const genreOf = ({ genre_ids: ids }: Candidate) => ids?.split(',', 1)[0] ?? '';
  const before = ({ collection_id: id }: Candidate) => (id === null ? 0 : (collections.get(id) ?? 0));
  return {
    /** Whether a movie of this collection may take the place. */
    roomFor(candidate: Candidate, place: number): 'now' | 'later' | 'none' {
      if (before(candidate) >= mostOfCollection) return 'none';
      return place < firstPlaces && before(candidate) >= mostOfCollectionFirst ? 'later' : 'now';
    },
    valueOf({ candidate, base }: Scored): number {
      if (base <= 0) return base;
      const spread = spreadGenres ? 1 + genreSaturation * (genres.get(genreOf(candidate)) ?? 0) : 1;
      return rounded((base * collectionDecay ** before(candidate)) / spread);
    },
    take(candidate: Candidate): void {
      collections.set(candidate.collection_id, before(candidate) + 1);
      genres.set(genreOf(candidate), (genres.get(genreOf(candidate)) ?? 0) + 1);
    },
  };
}
