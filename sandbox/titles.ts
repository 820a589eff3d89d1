import { at, chanceOf, createRandom, mix, type Random, salts } from './random.ts';
import {
  adjectives,
  english,
  nounsByGenre,
  places,
  seasons,
  subtitles,
  type Tongue,
  tongues,
} from './title-words.ts';

export interface Titles {
  title: string;
  originalTitle: string;
  tongue: Tongue;
}

const numerals = ['', ' II', ' III', ' IV', ' V', ' VI'];

function englishTitle(random: Random, theme: number): string {
  const nouns = nounsByGenre[theme] ?? ['Story'];
  const noun = random.pick(nouns);
  switch (random.int(8)) {
    case 0:
      return `${noun} of ${random.pick(places)}`;
    case 1:
      return `The ${noun} and the ${random.pick(nouns)}`;
    case 2:
      return `A ${noun} in ${random.pick(seasons)}`.replace(/^A (?=[AEIOU])/, 'An ');
    case 3:
      return `Last ${noun} to ${random.pick(places)}`;
    case 4:
      return `${random.pick(adjectives)} ${noun}`;
    case 5:
      return `The ${random.pick(adjectives)}, the ${random.pick(adjectives)} ${noun}`;
    default:
      return `The ${random.pick(adjectives)} ${noun}`;
  }
}

/** What all movies of a series are called, before the numeral. */
export function seriesTitle(seed: number, cluster: number, theme: number): string {
  return englishTitle(createRandom(seed, cluster, salts.franchise), theme);
}

export function titlesInSeries(seed: number, cluster: number, theme: number, part: number): Titles {
  const base = seriesTitle(seed, cluster, theme);
  const named = mix(seed, cluster, salts.title) % 3 === 0 && part > 0;
  const title = named ? `${base}: ${at(subtitles, cluster + part)}` : `${base}${numerals[part] ?? ''}`;
  return { title, originalTitle: title, tongue: english };
}

/** Languages keep together: a cluster has one, and a movie follows it three times out of four. */
function tongueOf(seed: number, cluster: number, random: Random): Tongue {
  const roll = chanceOf(seed, cluster, salts.title);
  const own = roll < 0.6 ? english : at(tongues, Math.floor(roll * 1_000));
  if (random.chance(0.75)) return own;
  return random.chance(0.7) ? english : random.pick(tongues);
}

const OVERLONG = 280;

/** The oddities real titles have: emoji, quotes, entities, overlong ones, stray direction marks. */
function withOddity(title: string, random: Random): string {
  const roll = random.int(1_400);
  if (roll < 2)
    return `${title}, or: ${'How It Came About That '.repeat(14)}`.slice(0, OVERLONG).padEnd(OVERLONG, '!');
  if (roll < 8) return `${title} 🎬`;
  if (roll < 12) return `"${title}" & 'Others'`;
  if (roll < 15) return `${title} &amp; Co`;
  if (roll < 17) return `\u200b${title}`;
  return title;
}

export function titlesOf(seed: number, n: number, cluster: number, theme: number): Titles {
  const random = createRandom(seed, n, salts.title);
  const tongue = tongueOf(seed, cluster, random);
  const title = withOddity(englishTitle(random, theme), random);
  if (tongue === english) return { title, originalTitle: title, tongue };
  const originalTitle = random.pick(tongue.first) + tongue.joint + random.pick(tongue.second);
  return { title: random.chance(0.15) ? originalTitle : title, originalTitle, tongue };
}
