import { CLUSTER_SIZE, clusterOf } from './clusters.ts';
import type { FamousFilm } from './famous-films.ts';
import { MOST_RELATED, type Relation, type RelationWorld } from './generated-relations.ts';
import { themes } from './genres.ts';
import { mix, salts } from './random.ts';
import type { WireNamed } from './wire.ts';

const shared = (a: readonly WireNamed[], b: readonly WireNamed[]) =>
  a.filter(({ id }) => b.some((other) => other.id === id)).length;

/** Similar means alike in genre and keyword; recommended also counts the people and the series. */
function likeness(a: FamousFilm, b: FamousFilm, relation: Relation): number {
  const alike = shared(a.genres, b.genres) + 2 * shared(a.keywords, b.keywords);
  if (relation === 'similar') return alike;
  const series = a.collection !== null && a.collection.id === b.collection?.id ? 8 : 0;
  return alike + series + 2 * shared(a.cast, b.cast) + 2 * shared(a.directors, b.directors);
}

/** Generated movies of the film's first genre that has a cluster. */
function cousinsOf(world: RelationWorld, film: FamousFilm, relation: Relation, wanted: number): number[] {
  const ids = new Set<number>();
  const clusters = Math.ceil(world.count / CLUSTER_SIZE);
  const first = mix(world.seed, film.id, salts[relation]);
  for (let step = 0; step < themes.length && ids.size < wanted; step++) {
    const cluster = (first + step) % Math.max(clusters, 1);
    if (clusterOf(world.seed, cluster).theme !== film.genres[0]?.id) continue;
    for (let place = step % 4; place < CLUSTER_SIZE && ids.size < wanted; place += 4) {
      const n = cluster * CLUSTER_SIZE + place;
      if (n < world.count) ids.add(world.idOf(n));
    }
  }
  return [...ids];
}

export function relatedToFamous(
  world: RelationWorld,
  films: readonly FamousFilm[],
  film: FamousFilm,
  relation: Relation,
): number[] {
  const ranked = films
    .filter((other) => other !== film)
    .map((other) => ({ id: other.id, score: likeness(film, other, relation) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id);
  const near = ranked.slice(0, 14);
  const cousins = cousinsOf(world, film, relation, 12);
  return [...near, ...cousins, ...ranked.slice(14)].slice(0, MOST_RELATED);
}
