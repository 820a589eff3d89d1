import { createRandom, salts } from './random.ts';
import { places } from './title-words.ts';

const leads = [
  'A retired engineer',
  'A young widow',
  'Two estranged brothers',
  'A night-shift nurse',
  'A disgraced reporter',
  'An ageing clown',
  'A stubborn schoolteacher',
  'The last lighthouse keeper',
  'A runaway apprentice',
  'A translator with a secret',
  'Three old friends',
  'A small-time forger',
];

const turns: Readonly<Record<number, string>> = {
  28: 'has one night to cross the city before the bomb goes off',
  12: 'sets out with half a map and no provisions',
  16: 'befriends a creature nobody else can see',
  35: 'is mistaken for the guest of honour at the wrong wedding',
  80: 'is drawn into a robbery that was never meant to succeed',
  99: 'opens a private archive to the camera for the first time',
  18: 'comes home to sell the house and finds it inhabited',
  10751: 'has to save the village fair with the help of a clever dog',
  14: 'inherits a crown that speaks',
  36: 'is sent to negotiate a peace that neither side wants',
  27: 'moves into rooms that were let suspiciously cheaply',
  10402: 'puts an old band together for a single concert',
  9648: 'receives letters signed by somebody long dead',
  10749: 'misses a train and spends the day with a stranger',
  878: 'picks up a signal from a ship that never came back',
  10770: 'discovers before Christmas that the adoption papers were forged',
  53: 'notices that the same car has been following for a week',
  10752: 'is cut off behind the lines with a wounded enemy',
  37: 'rides into a town that has already dug the grave',
};

const ends = [
  'Nothing afterwards is as simple as it was.',
  'By morning only one of them will still believe it.',
  'What starts as a favour turns into a life.',
  'There is a price, and somebody else is asked to pay it.',
  'The truth, when it comes, is almost a comfort.',
  'And then it begins to snow.',
  'It takes a whole summer to find out why.',
];

/** A plausible overview; now and then empty or with the line breaks real ones have. */
export function overviewOf(seed: number, n: number, theme: number): string {
  const random = createRandom(seed, n, salts.overview);
  if (random.chance(0.04)) return '';
  const turn = turns[theme] ?? 'makes up their mind';
  const text = `${random.pick(leads)} from ${random.pick(places)} ${turn}. ${random.pick(ends)}`;
  return random.chance(0.01) ? text.replace('. ', '.\r\n\r\n') : text;
}

const mottos = ['Some doors stay open.', 'Count to ten.', 'Nobody leaves hungry.', 'It was only a loan.'];

export function taglineOf(seed: number, n: number): string {
  const random = createRandom(seed, n, salts.overview + 100);
  return random.chance(0.5) ? '' : random.pick(mottos);
}
