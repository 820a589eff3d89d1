/**
 * Waits for something that another process or a queue brings about; fails when it takes too long. Whoever does not mean
 * a certain time gives a machine that is busy with other tests enough of it.
 */
export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  // Most of it is so in a moment.
  let pauseMs = 1;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so within ${timeoutMs} ms`);
    await Bun.sleep(pauseMs);
    pauseMs = Math.min(2 * pauseMs, 20);
  }
}
