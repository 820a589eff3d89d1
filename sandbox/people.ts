import { genres } from './genres.ts';
import { chanceOf, createRandom, salts } from './random.ts';

/** A person of the generated movies. Everything about them follows from the seed and the id. */
export interface Person {
  id: number;
  name: string;
  gender: number;
  /** What they are known for. */
  department: string;
  popularity: number;
  profilePath: string | null;
}

const FIRST_STAR = 6_000_001;
const STARS_PER_GENRE = 100;
const FIRST_LOCAL = 6_010_001;

/** Members of a cluster's company: twelve players and six behind the camera. */
export const PLAYERS = 12;
export const COMPANY = 18;

/** A star is at home in one genre; the low places are cast far more often. */
export function starId(genreId: number, place: number): number {
  const home = genres.findIndex((genre) => genre.id === genreId);
  return FIRST_STAR + Math.max(home, 0) * STARS_PER_GENRE + (place % STARS_PER_GENRE);
}

export function starPlace(roll: number): number {
  return Math.floor(STARS_PER_GENRE * roll * roll);
}

export function companyMemberId(cluster: number, place: number): number {
  return FIRST_LOCAL + cluster * COMPANY + place;
}

const given: readonly string[][] = [
  'Anna James Maria Peter Ruth Daniel Clara Thomas Grace Henry Nora Samuel Alice Frank Irene Walter'.split(
    ' ',
  ),
  'Zoé Rémi Élise Benoît Chloé Jérôme Anaïs Loïc'.split(' '),
  'Jürgen Käthe Björn Åsa Øyvind Sören Mätti Grażyna'.split(' '),
  'José Inés Raúl Begoña Ângela João Núria Tomás'.split(' '),
  'Haruka Kenji Min-jun Seo-yeon Wei Mei Thảo Arjun'.split(' '),
  'Ольга Иван 美咲 健太 지우 현우 ليلى Ελένη'.split(' '),
];

const family: readonly string[][] = [
  'Aldridge Barrow Calder Dunmore Ellery Fairbank Garrow Hollis Ives Jessop Kerrigan Lockhart Mercer Norwood Ormond Pryce Quill Rourke Stroud Tolliver Underhill Vance Whitlock Yardley'.split(
    ' ',
  ),
  'Béranger Lefèvre Garçonnet Dufrêne Château Peltier'.split(' '),
  'Größmann Nygård Ødegaard Łukowski Szczepański Lindqvist'.split(' '),
  'Muñoz Ibáñez Gonçalves Peña Araújo Quiñones'.split(' '),
  'Tanaka Fujimori Kang Park Nguyễn Chaudhary'.split(' '),
  'Орлова Соколов 佐藤 中村 김 حداد'.split(' '),
];

const companyDepartments = ['Directing', 'Writing', 'Production', 'Camera', 'Sound', 'Editing'];

function departmentOf(id: number): string {
  if (id < FIRST_LOCAL) return 'Acting';
  return companyDepartments[((id - FIRST_LOCAL) % COMPANY) - PLAYERS] ?? 'Acting';
}

export function personOf(seed: number, id: number): Person {
  const random = createRandom(seed, id, salts.person);
  const culture = random.chance(0.6) ? 0 : 1 + random.int(given.length - 1);
  const first = random.pick(given[culture] ?? []);
  const last = random.pick(family[culture] ?? []);
  const middle = culture === 0 && random.chance(0.35) ? ` ${String.fromCharCode(65 + random.int(26))}.` : '';
  const fame = chanceOf(seed, id, salts.popularity);
  return {
    id,
    name: `${first}${middle} ${last}`,
    gender: random.int(4),
    department: departmentOf(id),
    popularity: Math.round(fame * fame * fame * 60_000) / 10_000,
    profilePath: random.chance(0.4) ? null : `/sandbox-person-${id}.jpg`,
  };
}
