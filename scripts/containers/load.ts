/**
 * Asks a service again and again until told to stop (SIGTERM), each time over a connection of its own; then prints
 * how many answers of each status there were. Usage: bun load.ts <url>…, one lane each.
 */
const urls = process.argv.slice(2);
/** A caller may make 300 requests at once, and 10 a second. */
const pauseMs = 120;
/** Longer than any answer may take. */
const timeoutMs = 15_000;
const counts: Record<string, number> = {};
const losses: string[] = [];
const startedMs = performance.now();
let stopping = false;
let resets = 0;
process.on('SIGTERM', () => {
  stopping = true;
});

/** As a browser does: a connection that was reset before any answer, as the proxy's port changed hands, is tried once more. */
async function ask(url: string): Promise<string> {
  const outcome = await askOnce(url);
  if (outcome !== 'ECONNRESET') return outcome;
  resets++;
  return askOnce(url);
}

async function askOnce(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { keepalive: false, signal: AbortSignal.timeout(timeoutMs) });
    await answer.arrayBuffer();
    return String(answer.status);
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}

async function lane(url: string): Promise<void> {
  while (!stopping) {
    const outcome = await ask(url);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome !== '200')
      losses.push(`${Math.round(performance.now() - startedMs)} ms: ${outcome} of ${url}`);
    await Bun.sleep(pauseMs);
  }
}

export {};

await Promise.all(urls.map(lane));
const asked = Object.values(counts).reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({ asked, lost: losses.length, resets, counts, losses: losses.slice(0, 10) }));
