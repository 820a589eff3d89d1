import type { WireNamed } from './wire.ts';

const wordsByGenre: Readonly<Record<number, string>> = {
  28: 'car chase, martial arts, rescue mission, hitman, revenge, bounty hunter, last stand, on the run, explosion, mercenary, betrayal, showdown, team, sword',
  12: 'treasure hunt, quest, jungle, island, desert, ocean, map, lost city, archaeologist, expedition, courage, river, friendship, survival',
  16: 'toy, talking animal, forest spirit, robot, magic ring, friendship, childhood, lion, fish, musical, dragon, curse, courage, team',
  35: 'mistaken identity, small business, wedding, rivalry, con artist, satire, small town, road trip, neighbour, midlife crisis, family relationships, hotel, body swap, friendship',
  80: 'mafia, heist, police investigation, gang, prison, corruption, underworld, con artist, serial killer, briefcase, kidnapping, betrayal, murder, private detective',
  99: 'biography, nature, interview, archive footage, scientist, city life, ocean, sport, journalist, photographer, old age, village, mountain, language',
  18: 'family relationships, grief, poverty, father and son, mother and daughter, marriage, loneliness, moral dilemma, teacher, exile, small town, drug addiction, hope, secret',
  10751:
    'childhood, siblings, dog, summer holiday, friendship, circus, christmas, school, toy, balloon, kindness, orphan, farm, talking animal',
  14: 'witch, wizard, curse, castle, dragon, magic ring, princess, fairy tale, parallel worlds, forest spirit, wish, quest, sword, supernatural power',
  36: 'ancient rome, emperor, revolt, biography, crusade, railway, civil war, trial, exile, class struggle, slavery, village, plague, resistance',
  27: 'haunted house, vampire, creature, curse, ghost, winter, forbidden zone, madness, motel, serial killer, witch, small town, castle, survival',
  10402:
    'jazz, musical, dance, band, concert, piano, first love, rivalry, obsession, teacher, nightclub, road trip, biography, lost love',
  9648: 'private detective, secret, memory loss, murder, unreliable narrator, double life, letter, island, police investigation, neighbour, train, hypnosis, mistaken identity, will and testament',
  10749:
    'first love, lost love, wedding, shyness, letter, summer holiday, big city, marriage, dance, train, countryside, writer, loneliness, neighbour',
  878: 'space travel, time travel, robot, android, alien contact, dystopia, parallel worlds, spaceship, artificial mind, black hole, scientist, time loop, future war, space opera',
  10770:
    'small town, christmas, wedding, hospital, trial, teacher, neighbour, widow, family relationships, letter, school, second chance, kindness, secret',
  53: 'on the run, paranoia, hitman, captivity, hacker, obsession, double life, spy, kidnapping, police officer, submarine, big city, revenge, voyeurism',
  10752:
    'second world war, first world war, soldier, resistance, submarine, brothers, general, rescue mission, nurse, postwar, spy, village, survival, civil war',
  37: 'bounty hunter, gold, railway, showdown, revenge, widow, desert, sheriff, horse, saloon, outlaw, small town, on the run, civil war',
};

const FIRST_ID = 700_001;
const byName = new Map<string, WireNamed>();

/** The one keyword of that name; a name keeps the id it got first, so the order of reading must not change. */
export function keywordNamed(name: string): WireNamed {
  const known = byName.get(name);
  if (known) return known;
  const keyword = { id: FIRST_ID + byName.size, name };
  byName.set(name, keyword);
  return keyword;
}

export const keywordsByGenre: ReadonlyMap<number, readonly WireNamed[]> = new Map(
  Object.entries(wordsByGenre).map(([genre, words]) => [Number(genre), words.split(', ').map(keywordNamed)]),
);

/** Every keyword that belongs to some genre, once. */
export const commonKeywords: readonly WireNamed[] = [...byName.values()];
