import { LRUCache } from 'lru-cache';
import { mostEntries } from '#shared/most-entries.ts';
import { laneKey } from '../http/throttles/throttle-key.ts';

/** More than the pages that one reader opens lack, as a rule. */
const misses = 30;
const windowMs = 60_000;
const remembered = 10_000;

/** Whether what somebody misses is fetched before what others have asked for by the hundred. Counts it. */
export type TakeHurry = (address: string) => boolean;

/** Whoever asks for many movies that are not there, such as none that TMDb has, must not keep out who asks for few. */
export function createHurriedMisses(nowMs = () => performance.now()): TakeHurry {
  const places = new LRUCache<string, { left: number; untilMs: number }>(mostEntries(remembered));
  return (address) => {
    const place = laneKey(address);
    const known = places.get(place);
    const isOver = known === undefined || known.untilMs <= nowMs();
    const window = isOver ? { left: misses, untilMs: nowMs() + windowMs } : known;
    if (isOver) places.set(place, window);
    if (window.left === 0) return false;
    window.left -= 1;
    return true;
  };
}
