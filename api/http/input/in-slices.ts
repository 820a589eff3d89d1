/** Lets whoever else is being served have their turn. */
export const yieldToOthers = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Others wait for so many items, or so long, and no longer. */
const sliceLength = 500;
const sliceMs = 5;

/** Does the same to every item, some at a time, so that a long list holds nobody up. */
export async function mapInSlices<T, R>(items: readonly T[], act: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  let startedMs = performance.now();
  for (const item of items) {
    results.push(act(item));
    if (results.length % sliceLength !== 0 && performance.now() - startedMs < sliceMs) continue;
    await yieldToOthers();
    startedMs = performance.now();
  }
  return results;
}
