import type { Digits } from '#shared/movies/movie-bits.ts';
import type { BitTree } from './bit-sets.ts';

/** What cannot be said by bits. */
export class Unsaid extends Error {}

/** Digit by digit, from the lowest on: what has a higher one, or has it as well and is no less behind it. */
export function atLeast({ digits, known, most }: Digits, number: number): BitTree {
  if (number > most) throw new Unsaid();
  let least: BitTree | undefined;
  for (const [at, term] of digits.entries()) {
    const isSet = ((number >> at) & 1) === 1;
    if (isSet) least = least === undefined ? { term } : { all: [{ term }, least] };
    else if (least !== undefined) least = { any: [{ term }, least] };
  }
  return least ?? { term: known };
}

export const below = (number: Digits, end: number): BitTree => ({
  all: [{ term: number.known }],
  none: [atLeast(number, end)],
});

/** @param date `YYYY-MM-DD` */
export const dayAfter = (date: string): string =>
  new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

export function equal({ digits, known }: Digits, number: number): BitTree {
  const [set, unset] = [
    digits.filter((_, at) => (number >> at) & 1),
    digits.filter((_, at) => !((number >> at) & 1)),
  ];
  return { all: [{ term: known }, ...set.map((term) => ({ term }))], none: unset.map((term) => ({ term })) };
}
