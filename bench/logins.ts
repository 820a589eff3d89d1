import { z } from 'zod';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { startChildProgram } from './child-program.ts';
import { fillMovies, mirroredIds } from './reads/fill-movies.ts';
import { median, percentile } from './statistics.ts';

/** What a storm of logins does to plain reads, and whether the time of a refusal tells who has an account. */
export async function benchLogins({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const size = smoke ? { rounds: 1, roundMs: 500, pairs: 20 } : { rounds: 5, roundMs: 3000, pairs: 400 };
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  await fillMovies(database, 300);
  const [id] = await mirroredIds(database);
  const paths = [`/api/movies/${id}`];
  const api = stack.use(
    await startChildProgram('./reads/api-server.ts', { DATABASE_URL: databaseUrl(database) }),
  );
  const loader = stack.use(await startChildProgram('./reads/load.ts'));
  const url = z.string().parse(api.ready);
  await register(url);
  say('a storm of logins beside reads');
  const rows = await stormRows({ url, loader, paths, ...size });
  say('how long a refusal takes');
  rows.push(...(await refusalRows(url, size.pairs)));
  return { rows, data: '300 invented movies of the sandbox, one account' };
}

const owner = 'owner@example.org';
const Loaded = z.object({ requests: z.number(), p50Ms: z.number(), p99Ms: z.number() });

const post = (url: string, path: string, body: object) =>
  fetch(`${url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function register(url: string): Promise<void> {
  const answer = await post(url, 'register', { name: 'Owner', email: owner, password: 'correct horse' });
  if (answer.status !== 201) throw new Error(`registration answered ${answer.status}`);
}

interface StormOptions {
  url: string;
  loader: Awaited<ReturnType<typeof startChildProgram>>;
  paths: readonly string[];
  rounds: number;
  roundMs: number;
}

async function stormRows({ url, loader, paths, rounds, roundMs }: StormOptions): Promise<BenchRow[]> {
  const order = { port: Number(new URL(url).port), paths, connections: 1, ms: roundMs, maxRequests: 500_000 };
  const read = async () => Loaded.parse(await loader.ask(order));
  await read();
  const quiet: z.infer<typeof Loaded>[] = [];
  const stormy: z.infer<typeof Loaded>[] = [];
  const answers = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    quiet.push(await read());
    const storm = startStorm(url, answers);
    stormy.push(await read());
    await storm.end();
  }
  const middle = (of: 'p50Ms' | 'p99Ms', rows: z.infer<typeof Loaded>[]) =>
    median(rows.map((row) => row[of]));
  const told = [...answers].map(([status, n]) => `${n} × ${status}`).join(', ');
  return (['p50Ms', 'p99Ms'] as const).map((of) => ({
    what: `reads beside 64 who log in again and again: ${of.slice(0, 3)}`,
    measured: middle(of, stormy) * 1000,
    unit: 'µs',
    limit: middle(of, quiet) * 1000,
    limitIs: 'without them',
    note: `logins were answered ${told}`,
  }));
}

/** Sixty-four at a time, until ended; who is turned away comes back when it was told to. */
function startStorm(url: string, answers: Map<number, number>) {
  let over = false;
  const one = async () => {
    while (!over) {
      const { status, headers } = await post(url, 'login', { email: owner, password: 'wrong horse' });
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status !== 401 && status !== 503) throw new Error(`a login was answered ${status}`);
      if (status === 503 && !over) await Bun.sleep(Number(headers.get('retry-after')) * 1000);
    }
  };
  const all = Promise.all(Array.from({ length: 64 }, one));
  return {
    async end() {
      over = true;
      await all;
    },
  };
}

async function refusalRows(url: string, pairs: number): Promise<BenchRow[]> {
  const known: number[] = [];
  const unknown: number[] = [];
  const time = async (email: string) => {
    const started = performance.now();
    const { status } = await post(url, 'login', { email, password: 'wrong horse' });
    if (status !== 401) throw new Error(`a wrong login was answered ${status}`);
    return performance.now() - started;
  };
  for (let pair = 0; pair < pairs; pair++) {
    // In turns, and each first as often as the other.
    if (pair % 2 === 0) known.push(await time(owner));
    unknown.push(await time(`nobody-${pair}@example.org`));
    if (pair % 2 === 1) known.push(await time(owner));
  }
  return [0.1, 0.5, 0.9].map((share) => ({
    what: `a refused login: p${share * 100}`,
    measured: percentile(Float64Array.from(known), share),
    unit: 'ms, wrong password',
    limit: percentile(Float64Array.from(unknown), share),
    limitIs: 'unknown email',
    target: 'the same',
  }));
}
