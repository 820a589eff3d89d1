import { CLUSTER_SIZE, clusterNumberOf, clusterOf } from './clusters.ts';
import { themes } from './genres.ts';
import { at, createRandom, mix, type Random, salts } from './random.ts';

export type Relation = 'recommendations' | 'similar';

/** TMDb gives two pages at most, whatever its totals say. */
export const MOST_RELATED = 40;

export interface RelationWorld {
  seed: number;
  /** How many generated movies there are: relations name no others. */
  count: number;
  idOf(n: number): number;
  famousOf(theme: number): readonly number[];
}

function neighboursOf({ seed, count }: RelationWorld, n: number, salt: number): number[] {
  const first = n - (n % CLUSTER_SIZE);
  const keyed: { other: number; key: number }[] = [];
  for (let other = first; other < Math.min(first + CLUSTER_SIZE, count); other++) {
    if (other !== n) keyed.push({ other, key: mix(seed + n, other, salt) });
  }
  return keyed.sort((a, b) => a.key - b.key).map(({ other }) => other);
}

/** Cousins come from this many following clusters of the same theme: near enough that their rows are still known. */
const NEXT_ALIKE = 4;

/** Movies of other clusters with the same theme, whose casts share its stars. */
function cousinsOf({ count }: RelationWorld, n: number, random: Random): number[] {
  const cluster = clusterNumberOf(n);
  const clusters = Math.ceil(count / CLUSTER_SIZE);
  const start = cluster % themes.length;
  const alike = Math.floor((clusters - 1 - start) / themes.length) + 1;
  const cousins: number[] = [];
  for (let tries = 0; tries < 18; tries++) {
    const turn = Math.floor(cluster / themes.length) + 1 + random.int(NEXT_ALIKE);
    const other = start + themes.length * (turn % alike);
    const cousin = other * CLUSTER_SIZE + random.int(CLUSTER_SIZE);
    if (other !== cluster && cousin < count) cousins.push(cousin);
  }
  return cousins;
}

function limitFor(random: Random): number {
  const roll = random.next();
  if (roll < 0.04) return 0;
  return roll < 0.1 ? 1 + random.int(8) : MOST_RELATED;
}

/** Ids related to generated movie n, best first; a few lists are empty or short, and a few name a movie twice. */
export function relatedTo(world: RelationWorld, n: number, relation: Relation): number[] {
  const random = createRandom(world.seed, n, salts[relation]);
  const limit = limitFor(random);
  if (limit === 0) return [];
  const { theme } = clusterOf(world.seed, clusterNumberOf(n));
  const own = neighboursOf(world, n, salts[relation]).map(world.idOf);
  const cousins = cousinsOf(world, n, random).map(world.idOf);
  const famous = world.famousOf(theme);
  const known = famous.length > 0 ? [at(famous, random.int(1_000)), at(famous, random.int(1_000))] : [];
  const near = relation === 'recommendations' ? 12 : 7;
  const ids = [
    ...new Set([...own.slice(0, near), ...known, ...cousins.slice(0, 6), ...own.slice(near), ...cousins]),
  ].slice(0, limit);
  const [first] = ids;
  if (relation === 'recommendations' && first !== undefined && ids.length > 3 && random.chance(0.02)) {
    ids[ids.length - 1] = first;
  }
  return ids;
}
