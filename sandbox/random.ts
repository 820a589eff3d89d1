/** Mixes three integers into an evenly spread unsigned 32-bit one: the only source of chance in the stand-in. */
export function mix(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ (b >>> 15), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f) ^ Math.imul(c + 0x165667b1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on nothing but its arguments. */
export function chanceOf(seed: number, subject: number, salt: number): number {
  return mix(seed, subject, salt) / 4_294_967_296;
}

/** A stream of numbers (mulberry32) for one subject and purpose; equal arguments give equal streams. */
// A class, because millions are made and one object each is a third of the time that closures take.
export class Random {
  private state: number;

  constructor(seed: number, subject: number, salt: number) {
    this.state = mix(seed, subject, salt);
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(list: readonly T[]): T {
    return at(list, this.int(list.length));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

export function createRandom(seed: number, subject: number, salt: number): Random {
  return new Random(seed, subject, salt);
}

/** The element at a position that is known to be inside; wraps round otherwise. */
export function at<T>(list: readonly T[], position: number): T {
  const value = list[position % list.length];
  if (value === undefined) throw new Error('picked from an empty list');
  return value;
}

/** What each stream is for: two purposes never share one. */
export const salts = {
  id: 1,
  popularity: 2,
  adult: 3,
  title: 4,
  row: 5,
  base: 6,
  cast: 7,
  crew: 8,
  keywords: 9,
  releases: 10,
  videos: 11,
  cluster: 12,
  person: 13,
  recommendations: 14,
  similar: 15,
  franchise: 16,
  overview: 17,
  day: 18,
  week: 19,
  famous: 20,
  faults: 21,
  locales: 22,
  region: 23,
} as const;
