/** Waits for something that another process or a queue brings about; fails when it takes too long. */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so within ${timeoutMs} ms`);
    await Bun.sleep(20);
  }
}
