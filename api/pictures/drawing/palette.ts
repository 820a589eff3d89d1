import type { Dice } from './dice.ts';

/** Colors as CSS has them. */
export interface Palette {
  sky: string;
  ground: string;
  light: string;
  dark: string;
}

/** Of TMDb's genres, in degrees. */
const hues: Readonly<Record<number, number>> = {
  28: 12,
  12: 32,
  16: 195,
  35: 46,
  80: 225,
  99: 175,
  18: 340,
  10751: 92,
  14: 275,
  36: 28,
  27: 0,
  10402: 315,
  9648: 250,
  10749: 350,
  878: 210,
  10770: 120,
  53: 155,
  10752: 75,
  37: 22,
};
/** Of what has no genre. */
const plainHue = 230;
/** Hardly any light in them. */
const dim: ReadonlySet<number> = new Set([27, 80, 53, 9648]);

/** By the first genre; which shade of it is thrown. */
export function paletteOf(genreIds: readonly number[], dice: Dice): Palette {
  const [genre = 0] = genreIds;
  const hue = Math.round((hues[genre] ?? plainHue) + dice.between(-10, 10));
  const other = hue + Math.round(dice.between(20, 45)) * dice.pick([1, -1]);
  const lift = dim.has(genre) ? -10 : 0;
  return {
    sky: `hsl(${hue} 48% ${34 + lift}%)`,
    ground: `hsl(${other} 55% ${16 + lift / 2}%)`,
    light: `hsl(${other} 78% ${68 + lift}%)`,
    dark: `hsl(${hue} 60% 9%)`,
  };
}
