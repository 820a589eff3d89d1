import { CLUSTER_SIZE } from './clusters.ts';
import { castCredit, crewCredit } from './credit-fields.ts';
import type { Outline } from './generated-row.ts';
import { companyMemberId, PLAYERS, personOf, starId, starPlace } from './people.ts';
import { createRandom, type Random, salts } from './random.ts';
import type { WireCast, WireCredits, WireCrew } from './wire.ts';

const callings = 'Inspector Doctor Professor Captain Sister Old Young Mayor Judge Aunt'.split(' ');
const callNames = 'Vale Moss Harper Quinn Rosa Bela Otto Iris Felix Mira Joon Nadia Emil Tess'.split(' ');

function characterOf(random: Random, theme: number): string {
  const name = random.chance(0.4)
    ? `${random.pick(callings)} ${random.pick(callNames)}`
    : random.pick(callNames);
  if (theme === 99) return 'Self';
  if (random.chance(0.03)) return '';
  return theme === 16 ? `${name} (voice)` : name;
}

/** Who plays: mostly the cluster's company, with a few stars at home in the genre. Nobody twice. */
function playersOf({ cluster, part }: Outline, random: Random): number[] {
  const wanted = 4 + random.int(9);
  const players: number[] = [];
  const add = (id: number) => players.includes(id) || players.push(id);
  if (part >= 0) for (let place = 0; place < 3; place++) add(companyMemberId(cluster.number, place));
  for (let tries = 0; players.length < wanted && tries < 40; tries++) {
    const star = random.chance(0.35);
    add(
      star
        ? starId(cluster.theme, starPlace(random.next()))
        : companyMemberId(cluster.number, random.int(PLAYERS)),
    );
  }
  return players;
}

function castOf(seed: number, outline: Outline): WireCast[] {
  const random = createRandom(seed, outline.n, salts.cast);
  if (random.chance(0.02)) return [];
  const players = playersOf(outline, random);
  const [lead] = players;
  if (random.chance(0.02) && lead !== undefined) players.push(lead);
  return players.map((id, order) =>
    castCredit(outline.row.id, personOf(seed, id), characterOf(random, outline.cluster.theme), order),
  );
}

/** Places in the company from PLAYERS on, and the work they do. */
const posts: readonly { place: number; job: string; department: string; odds: number }[] = [
  { place: 12, job: 'Director', department: 'Directing', odds: 0.98 },
  { place: 13, job: 'Screenplay', department: 'Writing', odds: 0.9 },
  { place: 12, job: 'Writer', department: 'Writing', odds: 0.2 },
  { place: 14, job: 'Producer', department: 'Production', odds: 0.8 },
  { place: 15, job: 'Director of Photography', department: 'Camera', odds: 0.7 },
  { place: 16, job: 'Original Music Composer', department: 'Sound', odds: 0.6 },
  { place: 17, job: 'Editor', department: 'Editing', odds: 0.6 },
];

function crewOf(seed: number, { n, cluster, part, row }: Outline): WireCrew[] {
  const random = createRandom(seed, n, salts.crew);
  // The second half of a cluster is directed by the writer, so that a director does not follow from the cast.
  const late = part < 0 && n % CLUSTER_SIZE >= CLUSTER_SIZE / 2;
  const crew: WireCrew[] = [];
  for (const post of posts) {
    if (!random.chance(post.odds)) continue;
    const place = late && post.job === 'Director' ? 13 : post.place;
    const person = personOf(seed, companyMemberId(cluster.number, place));
    crew.push(crewCredit(row.id, person, post, crew.length));
  }
  return crew;
}

export function creditsOf(seed: number, outline: Outline): WireCredits {
  return { cast: castOf(seed, outline), crew: crewOf(seed, outline) };
}
