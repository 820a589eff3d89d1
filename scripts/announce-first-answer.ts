import type pg from 'pg';

interface Announcing {
  pool: pg.Pool;
  url: string;
  /** On the clock of `performance.now()`. */
  startedMs: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

const pollMs = 50;

/** Asks our own API until it answers from the mirror, and says how long that took since the start. */
export async function announceFirstAnswer({ pool, url, startedMs, say, signal }: Announcing): Promise<void> {
  const trending = `${url}/api/movies/trending`;
  while (!signal.aborted) {
    if (await hasAnswer(pool, trending, signal)) {
      say(
        `First answer from the mirror after ${((performance.now() - startedMs) / 1000).toFixed(1)} s. Try:`,
      );
      say(`  curl ${trending}`);
      say(`  curl ${url}/api/movies/550`);
      return;
    }
    await Bun.sleep(pollMs);
  }
}

/** Asks only when there is something to ask for: before, every answer would be a failure in the log. */
async function hasAnswer(pool: pg.Pool, url: string, signal: AbortSignal): Promise<boolean> {
  const known = await pool
    .query("select 1 from list_snapshots where name = 'trending/week'")
    .catch(() => undefined);
  if (known === undefined || known.rows.length === 0) return false;
  const response = await fetch(url, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}
