/** How long it takes by the clock on the wall. A busy machine makes it longer: see `leastOf`. */
export async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
