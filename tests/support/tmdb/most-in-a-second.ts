/** The most of these moments (milliseconds) that lie in any one second: how a limiter is judged. */
export function mostInASecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let most = 0;
  let from = 0;
  sorted.forEach((moment, i) => {
    while (moment - (sorted[from] ?? 0) >= 1000) from += 1;
    most = Math.max(most, i - from + 1);
  });
  return most;
}
