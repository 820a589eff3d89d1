export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The one whose figure is in the middle; of two of them the larger. @throws {Error} where there is none */
export function middleBy<Item>(items: readonly Item[], figureOf: (item: Item) => number): Item {
  const sorted = items.toSorted((a, b) => figureOf(a) - figureOf(b));
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error('of nothing, nothing is in the middle');
  return middle;
}

export function percentile(numbers: Float64Array, part: number): number {
  const sorted = numbers.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The most moments within any stretch of one second, wherever it begins. */
export function mostInAnySecond(timesMs: readonly number[]): number {
  const times = timesMs.toSorted((a, b) => a - b);
  let start = 0;
  let most = 0;
  times.forEach((at, end) => {
    while ((times[start] ?? at) <= at - 1000) start++;
    most = Math.max(most, end - start + 1);
  });
  return most;
}

/** How many there were each second on average, between the first and the last. */
export function averagePerSecond(timesMs: readonly number[]): number {
  if (timesMs.length < 2) return 0;
  const first = timesMs.reduce((a, b) => Math.min(a, b));
  const last = timesMs.reduce((a, b) => Math.max(a, b));
  return ((timesMs.length - 1) * 1000) / (last - first);
}
