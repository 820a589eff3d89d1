import { priorAverage } from '#shared/movies/appeal.ts';
import type { Languages } from './languages.ts';
import type { Scored, Slot } from './scored.ts';
import type { Candidate } from './select-candidates.ts';
import type { SlotQueue } from './slot-queue.ts';
import type { Variety } from './variety.ts';
import { firstPlaces, leastVotesForLanguage } from './weights.ts';

/** The places among the first ten that languages still have to get. */
export function createLanguagePlaces(places: Languages['places']) {
  const open = new Map(places);
  return {
    /** Whether the last free places are needed for them. What is earned by itself comes before. */
    isDue(free: number): boolean {
      return free > 0 && free <= [...open.values()].reduce((sum, wanted) => sum + wanted, 0);
    },
    /** Takes the best out of the waiting that is good and in one of the languages; without one, there are no places. */
    find(waiting: SlotQueue, variety: Variety): Slot | undefined {
      const found = waiting.takeBestOf(
        (slot) => isWanted(slot) && variety.roomFor(slot.candidate, firstPlaces - 1) === 'now',
      );
      if (found === undefined) open.clear();
      return found;
    },
    take({ language }: Candidate): void {
      if (language !== null) open.set(language, Math.max(0, (open.get(language) ?? 0) - 1));
    },
  };

  function isWanted({ candidate, parts }: Scored): boolean {
    return (open.get(candidate.language ?? '') ?? 0) > 0 && isGood(candidate, parts);
  }
}

/** Somebody like this user likes it, or voters do. */
function isGood({ vote_average: average, vote_count: votes }: Candidate, parts: Scored['parts']): boolean {
  if (parts.neighbours > 0 || parts.tmdb > 0) return true;
  return (average ?? 0) >= priorAverage && (votes ?? 0) >= leastVotesForLanguage;
}
