import { chance } from '#tests/support/chance.ts';
/** One user of the measurement: what they did before, and the liked movie that is to be found. */
export interface TestUser {
  /** Oldest first. */
  seen: { tmdbId: number; liked: boolean; at: Date }[];
  heldOut: number;
}

interface Rating {
  tmdbId: number;
  rating: number;
  seconds: number;
}

const likedFrom = 4;
const fewestLiked = 5;

/**
 * Who liked at least five has their last liked movie held out: what they rated before it is their history, what they
 * rated later is dropped. Ratings of movies that are not there are left out.
 */
export function holdOut(ratings: Iterable<Rating>): TestUser | undefined {
  const inOrder = [...ratings].sort((a, b) => a.seconds - b.seconds || a.tmdbId - b.tmdbId);
  const liked = inOrder.filter(({ rating }) => rating >= likedFrom);
  const last = liked.at(-1);
  if (last === undefined || liked.length < fewestLiked) return undefined;
  const seen = inOrder.slice(0, inOrder.indexOf(last)).map(({ tmdbId, rating, seconds }) => ({
    tmdbId,
    liked: rating >= likedFrom,
    at: new Date(seconds * 1000),
  }));
  return { seen, heldOut: last.tmdbId };
}

/** `userId,tmdbId,rating,timestamp` a line. */
export async function readRatings(file: string, known: ReadonlySet<number>): Promise<TestUser[]> {
  const text = Buffer.from(Bun.gunzipSync(await Bun.file(file).bytes())).toString();
  const byUser = new Map<string, Rating[]>();
  for (const line of text.split('\n').slice(1)) {
    const [user = '', tmdbId, rating, seconds] = line.trim().split(',');
    if (!known.has(Number(tmdbId))) continue;
    const ratings = byUser.get(user) ?? [];
    ratings.push({ tmdbId: Number(tmdbId), rating: Number(rating), seconds: Number(seconds) });
    byUser.set(user, ratings);
  }
  return [...byUser.values()].flatMap((ratings) => holdOut(ratings) ?? []);
}

/**
 * Invented users: each keeps mostly to movies of a taste of their own, the beginning of a taste being better known than
 * its end, and now and then meets any movie. After one of their taste they often turn to the next one of it. Always the
 * same.
 */
export function inventHistories(users: number, movies: readonly number[], tastes: number): TestUser[] {
  const random = chance();
  return Array.from({ length: users }, (_, user) => {
    const ratings = new Map<number, Rating>();
    let next = movies.length;
    for (let n = 0; n < 30; n++) {
      const place = Math.floor(random() ** 2 * movies.length);
      const own = place - (place % tastes) + (user % tastes);
      const free = random() < 0.8 ? own : place;
      const chosen = random() < 0.5 && next < movies.length ? next : free;
      next = chosen + tastes;
      const tmdbId = movies[chosen] ?? movies[0] ?? 0;
      ratings.set(tmdbId, { tmdbId, rating: random() < 0.7 ? 5 : 3, seconds: 1_700_000_000 + n * 60 });
    }
    return holdOut(ratings.values());
  }).flatMap((user) => user ?? []);
}
