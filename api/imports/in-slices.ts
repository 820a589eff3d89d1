/** Lets whoever else is being served have their turn. */
export const yieldToOthers = () => new Promise<void>((resolve) => setImmediate(resolve));

const sliceLength = 500;

/** Does the same to every item, some at a time, so that a long list holds nobody up. */
export async function mapInSlices<T, R>(items: readonly T[], act: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += sliceLength) {
    for (const item of items.slice(start, start + sliceLength)) results.push(act(item));
    await yieldToOthers();
  }
  return results;
}
