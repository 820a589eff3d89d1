import type { Pool, PoolClient } from 'pg';

export interface StatementTime {
  statement: string;
  calls: number;
  ms: number;
}

export interface StatementClock {
  /** The statements since the last reading, the costliest first. */
  read(): StatementTime[];
}

/** Notes how long each statement of a pool takes, as the one who waits for it sees it. */
export function clockStatements(pool: Pool): StatementClock {
  let times = new Map<string, StatementTime>();
  const clocked = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (clocked.has(client)) return;
    clocked.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const timed = (...args: unknown[]): unknown => {
      const startedAt = performance.now();
      const answer = query(...args);
      if (answer instanceof Promise) {
        const note = () => add(nameOf(args[0]), performance.now() - startedAt);
        answer.then(note, note);
      }
      return answer;
    };
    client.query = timed as typeof client.query;
  });
  const add = (statement: string, ms: number) => {
    const known = times.get(statement) ?? { statement, calls: 0, ms: 0 };
    times.set(statement, { statement, calls: known.calls + 1, ms: known.ms + ms });
  };
  return {
    read() {
      const read = [...times.values()].sort((a, b) => b.ms - a.ms);
      times = new Map();
      return read;
    },
  };
}

/** `insert into movies as m (tmdb_id, …` → `insert into movies as m (tmdb_id, state` and so on: enough to know it by. */
function nameOf(query: unknown): string {
  const text =
    typeof query === 'string' ? query : String((query as { text?: unknown } | undefined)?.text ?? '');
  const words = text.replaceAll('"', '').trim().split(/\s+/);
  return words
    .slice(0, words[0] === 'insert' && words[3] === 'as' ? 6 : words[0] === 'begin' ? 1 : 4)
    .join(' ');
}
