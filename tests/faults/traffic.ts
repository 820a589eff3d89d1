import type { TestAccount } from '#tests/support/api/account-fixture.ts';
import { headersOf, type Installation } from './installation.ts';

/** What traffic saw since `begin`. */
export interface Seen {
  /** Acknowledged writes. */
  writes: number;
  reads: number;
  /** The longest time without a success. */
  readOutageMs: number;
  writeOutageMs: number;
  /** What nobody may ever see: another answer than a right one or 503. */
  wrong: string[];
}

export interface Traffic extends AsyncDisposable {
  begin(): void;
  seen(): Seen;
  /** What of all that was ever acknowledged is not there, or there twice. */
  missing(): Promise<string[]>;
  /** Whether reads and writes succeed now. */
  flows(): boolean;
}

const writers = 3;
const everyMs = 100;
/** A caller who waits longer has given up. */
const patienceMs = 12_000;
const freshMs = 1500;

/** Users who like movies and rate them, and readers of lists and movies, until disposed. */
export async function startTraffic(on: Installation): Promise<Traffic> {
  const stop = new AbortController();
  const ids = Array.from({ length: 400 }, (_, position) => on.sandbox.catalogue.idAt(position));
  const total = await listLength(on);
  const ledger: { userId: string; tmdbId: number; type: string }[] = [];
  let wrong: string[] = [];
  const readClock = createClock();
  const writeClock = createClock();

  const ask = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; body: Body } | undefined> => {
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]);
      const answer = await fetch(on.url + path, { ...init, signal });
      return { status: answer.status, body: (await answer.json()) as Body };
    } catch {
      // Cut off before its end: nothing was answered, so nothing was said that could be wrong.
      return undefined;
    }
  };
  const note = (what: string, status: number) => {
    if (status !== 503 && !stop.signal.aborted) wrong.push(`${what} answered ${status}`);
  };

  const write = async (account: TestAccount, turn: number) => {
    const { userId } = account;
    const tmdbId = ids[turn % ids.length] ?? 550;
    const type = (['liked', 'bookmarked', 'watched'] as const)[Math.floor(turn / ids.length) % 3] ?? 'liked';
    const answer = await ask('/api/user/interactions', {
      method: 'POST',
      headers: { ...(await headersOf(account)), 'content-type': 'application/json' },
      body: JSON.stringify({ tmdb_id: tmdbId, type }),
    });
    if (answer === undefined) return;
    if (answer.status >= 300) return note('a write', answer.status);
    ledger.push({ userId, tmdbId, type });
    writeClock.tick();
  };
  const read = async (turn: number) => {
    const path = turn % 2 === 0 ? '/api/movies/trending?limit=100' : `/api/movies/${ids[turn % 20]}`;
    const answer = await ask(path);
    if (answer === undefined) return;
    if (answer.status !== 200) return note(path, answer.status);
    const { data, meta } = answer.body;
    if (
      Array.isArray(data) &&
      (meta.total_results !== total || new Set(data.map(({ tmdb_id }) => tmdb_id)).size !== data.length)
    )
      wrong.push(`${path} was half a list: ${meta.total_results} of ${total}`);
    readClock.tick();
  };
  const loop = async (step: (turn: number) => Promise<void>) => {
    for (let turn = 0; !stop.signal.aborted; turn++) {
      await step(turn);
      await Bun.sleep(everyMs);
    }
  };
  const accounts = await Promise.all(Array.from({ length: writers }, () => on.account()));
  const loops = [...accounts.map((account) => loop((turn) => write(account, turn))), loop(read)];
  return {
    begin() {
      wrong = [];
      readClock.reset();
      writeClock.reset();
    },
    seen: () => ({
      writes: writeClock.count(),
      reads: readClock.count(),
      readOutageMs: readClock.longestMs(),
      writeOutageMs: writeClock.longestMs(),
      wrong: [...new Set(wrong)],
    }),
    flows: () => readClock.sinceMs() < freshMs && writeClock.sinceMs() < freshMs,
    async missing() {
      const acknowledged = [...ledger];
      const kept = await on.rows<{ key: string; times: number }>(
        `select i.user_id || '/' || m.tmdb_id || '/' || i.interaction_type as key, count(*)::int as times
         from user_movie_interactions i join movies m on m.id = i.movie_id
         where i.user_id = any($1::uuid[]) group by 1`,
        accounts.map(({ userId }) => userId),
      );
      const times = new Map(kept.map((row) => [row.key, row.times]));
      return acknowledged
        .map(({ userId, tmdbId, type }) => `${userId}/${tmdbId}/${type}`)
        .filter((key) => times.get(key) !== 1);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

interface Body {
  data: unknown;
  meta: { total_results?: number };
}

const listLength = async (on: Installation): Promise<number | undefined> =>
  ((await (await fetch(`${on.url}/api/movies/trending?limit=1`)).json()) as Body).meta.total_results;

/** The longest time between two successes. */
function createClock() {
  let lastMs = performance.now();
  let longest = 0;
  let count = 0;
  const sinceMs = () => performance.now() - lastMs;
  return {
    tick() {
      longest = Math.max(longest, sinceMs());
      lastMs = performance.now();
      count += 1;
    },
    reset() {
      lastMs = performance.now();
      longest = 0;
      count = 0;
    },
    sinceMs,
    longestMs: () => Math.round(Math.max(longest, sinceMs())),
    count: () => count,
  };
}
