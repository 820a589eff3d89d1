import { CLUSTER_SIZE, type Cluster, clusterNumberOf, clusterOf } from './clusters.ts';
import { companions, retiredGenre } from './genres.ts';
import { overviewOf } from './overviews.ts';
import { chanceOf, createRandom, mix, type Random, salts } from './random.ts';
import type { Tongue } from './title-words.ts';
import { type Titles, titlesInSeries, titlesOf } from './titles.ts';
import type { ExportEntry, WireRow } from './wire.ts';

/** Movie n of a seed as a list shows it, with what its details need to go on. */
export interface Outline {
  row: WireRow;
  n: number;
  cluster: Cluster;
  /** Its place in the cluster's series, or -1. */
  part: number;
  tongue: Tongue;
}

export function isAdult(seed: number, n: number): boolean {
  return chanceOf(seed, n, salts.adult) < 0.01;
}

/** The sort key of popularity; few movies are popular, most are hardly known. */
export function popularityRoll(seed: number, n: number): number {
  return mix(seed, n, salts.popularity);
}

export function popularityOf(seed: number, n: number): number {
  const rest = (popularityRoll(seed, n) + 1) / 4_294_967_297;
  return Math.round(Math.min(160, 0.6 * rest ** -0.5) * 10_000) / 10_000;
}

function partOf(cluster: Cluster, n: number): number {
  const place = n % CLUSTER_SIZE;
  return place < cluster.seriesLength ? place : -1;
}

function titlesFor(seed: number, n: number, cluster: Cluster, part: number): Titles {
  return part < 0
    ? titlesOf(seed, n, cluster.number, cluster.theme)
    : titlesInSeries(seed, cluster.number, cluster.theme, part);
}

function genreIdsOf(random: Random, theme: number): number[] {
  const roll = random.next();
  if (roll < 0.02) return [];
  const ids = [theme];
  const wanted = 1 + random.int(3);
  for (const companion of companions[theme] ?? []) {
    if (ids.length < wanted && random.chance(0.6)) ids.push(companion);
  }
  if (roll > 0.998) ids.push(retiredGenre.id);
  return ids;
}

const two = (value: number) => String(value).padStart(2, '0');

function releaseDateOf(random: Random, firstYear: number, part: number): string {
  const roll = random.next();
  const year = part < 0 ? firstYear + random.int(5) : firstYear + part;
  const date = `${year}-${two(1 + random.int(12))}-${two(1 + random.int(28))}`;
  return roll < 0.03 && part < 0 ? '' : date;
}

/** Votes follow popularity loosely; one movie in six has none, and then an average of 0. */
function votesOf(random: Random, popularity: number): { average: number; count: number } {
  const [roll, spread, mark] = [random.next(), random.next(), random.next() + random.next() + random.next()];
  if (roll < 0.16) return { average: 0, count: 0 };
  return {
    average: Math.round((3.4 + 1.9 * mark) * 1_000) / 1_000,
    count: 1 + Math.floor(popularity ** 1.6 * spread * 20),
  };
}

export function outlineOf(seed: number, n: number, id: number): Outline {
  const cluster = clusterOf(seed, clusterNumberOf(n));
  const part = partOf(cluster, n);
  const { title, originalTitle, tongue } = titlesFor(seed, n, cluster, part);
  const random = createRandom(seed, n, salts.row);
  const popularity = popularityOf(seed, n);
  const votes = votesOf(random, popularity);
  const row: WireRow = {
    adult: isAdult(seed, n),
    backdrop_path: random.chance(0.2) ? null : `/sandbox-${id}-backdrop.jpg`,
    genre_ids: genreIdsOf(random, cluster.theme),
    id,
    original_language: tongue.language,
    original_title: originalTitle,
    overview: overviewOf(seed, n, cluster.theme),
    popularity,
    poster_path: random.chance(0.1) ? null : `/sandbox-${id}-poster.jpg`,
    release_date: releaseDateOf(random, cluster.firstYear, part),
    softcore: false,
    title,
    video: random.chance(0.004),
    vote_average: votes.average,
    vote_count: votes.count,
  };
  return { row, n, cluster, part, tongue };
}

/** The line the daily export has for movie n: as little work as possible, for a million of them are made at once. */
export function exportEntryOf(seed: number, n: number, id: number): ExportEntry {
  const cluster = clusterOf(seed, clusterNumberOf(n));
  const { originalTitle } = titlesFor(seed, n, cluster, partOf(cluster, n));
  return {
    adult: isAdult(seed, n),
    id,
    original_title: originalTitle,
    popularity: popularityOf(seed, n),
    video: false,
  };
}
