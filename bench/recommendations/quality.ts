/** What one ranking is worth over all test users. */
export interface Quality {
  hitsAt10: number;
  ndcgAt10: number;
  hitsAt50: number;
  /** The standard errors of these three. */
  errors: { hitsAt10: number; ndcgAt10: number; hitsAt50: number };
  /** Different movies among all first tens. */
  coverageAt10: number;
  /** How unevenly the first tens fall on the movies: 0 all alike, 1 all on one. */
  giniAt10: number;
  /** How alike the genres within a first ten are, by Jaccard. */
  similarityAt10: number;
}

export interface RankedFor {
  heldOut: number;
  /** Best first, at most fifty. */
  list: readonly number[];
}

interface CatalogueFacts {
  movies: number;
  genresOf: (tmdbId: number) => ReadonlySet<number>;
}

export function qualityOf(rankings: readonly RankedFor[], catalogue: CatalogueFacts): Quality {
  const places = rankings.map(({ heldOut, list }) => list.indexOf(heldOut));
  const mean = (worth: (place: number) => number) =>
    places.reduce((sum, place) => sum + (place < 0 ? 0 : worth(place)), 0) / places.length;
  const errorOf = (worth: (place: number) => number) =>
    Math.sqrt((mean((place) => worth(place) ** 2) - mean(worth) ** 2) / places.length);
  const [isIn10, gain, isIn50] = [
    (place: number) => (place < 10 ? 1 : 0),
    (place: number) => (place < 10 ? 1 / Math.log2(place + 2) : 0),
    (place: number) => (place < 50 ? 1 : 0),
  ] as const;
  const tens = rankings.map(({ list }) => list.slice(0, 10));
  const shown = new Map<number, number>();
  for (const id of tens.flat()) shown.set(id, (shown.get(id) ?? 0) + 1);
  return {
    hitsAt10: mean(isIn10),
    ndcgAt10: mean(gain),
    hitsAt50: mean(isIn50),
    errors: { hitsAt10: errorOf(isIn10), ndcgAt10: errorOf(gain), hitsAt50: errorOf(isIn50) },
    coverageAt10: shown.size,
    giniAt10: giniOf([...shown.values()], catalogue.movies),
    similarityAt10: tens.reduce((sum, ten) => sum + similarityOf(ten, catalogue), 0) / tens.length,
  };
}

function giniOf(counts: number[], movies: number): number {
  const sorted = counts.sort((a, b) => a - b);
  const zeros = movies - sorted.length;
  const total = sorted.reduce((sum, count) => sum + count, 0);
  const weighted = sorted.reduce((sum, count, n) => sum + (2 * (zeros + n + 1) - movies - 1) * count, 0);
  return total === 0 ? 0 : weighted / (movies * total);
}

function similarityOf(ten: readonly number[], { genresOf }: CatalogueFacts): number {
  let [sum, pairs] = [0, 0];
  ten.forEach((a, n) => {
    for (const b of ten.slice(n + 1)) {
      const [x, y] = [genresOf(a), genresOf(b)];
      const both = x.intersection(y).size;
      sum += both === 0 ? 0 : both / (x.size + y.size - both);
      pairs++;
    }
  });
  return pairs === 0 ? 0 : sum / pairs;
}
