import { chance } from '#tests/support/chance.ts';
import type { TestUser } from './histories.ts';

const fewest = 20;
const tastes = 40;
const tastesOfUser = 3;
const firstMs = Date.UTC(2020, 0);
const apartMs = 60_000;

/**
 * Invented users in the amounts of MovieLens 1M: each has seen twenty movies, and few have seen very many. Seven of ten
 * are of three tastes of their own, the better known ones more often, and often the next one of that taste follows. What
 * is of their taste they mostly like. The last liked one is held out, and what came after it is dropped. Always the same.
 * @param movies the best known first
 */
export function inventRaters(
  { users, perUser }: { users: number; perUser: number },
  movies: readonly number[],
): TestUser[] {
  const random = chance();
  const lists = Array.from({ length: tastes }, (): number[] => []);
  for (const id of movies) lists[Math.floor(random() * tastes)]?.push(id);

  const rater = (): TestUser => {
    const own = Array.from({ length: tastesOfUser }, () => lists[Math.floor(random() * tastes)] ?? []);
    const more = -(perUser - fewest) * Math.log(1 - random() * 0.9999);
    const wanted = Math.min(fewest + Math.floor(more), movies.length / 3);
    const seen = new Map<number, boolean>();
    let next: number | undefined;
    while (seen.size < wanted) {
      const taste = own[Math.floor(random() * tastesOfUser)] ?? [];
      const isOwn = random() < 0.7;
      const known = isOwn ? taste : movies;
      const place = Math.floor(random() ** 2 * known.length);
      const follows = next !== undefined && !seen.has(next) && random() < 0.4;
      const id = (follows ? next : known[place]) ?? 0;
      if (!seen.has(id)) seen.set(id, random() < (isOwn || follows ? 0.7 : 0.4));
      next = isOwn ? taste[place + 1] : undefined;
    }
    const all = [...seen].map(([tmdbId, liked], n) => ({
      tmdbId,
      liked,
      at: new Date(firstMs + n * apartMs),
    }));
    const last = all.findLastIndex(({ liked }) => liked);
    return { seen: all.slice(0, last), heldOut: all[last]?.tmdbId ?? 0 };
  };
  return Array.from({ length: users }, rater);
}
