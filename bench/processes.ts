import { z } from 'zod';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { cpuMs } from './process-figures.ts';
import { type ApiService, startApiService } from './processes/api-service.ts';
import { fillMovies, mirroredIds } from './reads/fill-movies.ts';
import type { LoadOrder } from './reads/load.ts';
import { median } from './statistics.ts';

interface Pace {
  rounds: number;
  roundMs: number;
  /** With how many connections each round is done. */
  connections: number[];
  /** How long processes may take to find their shares. */
  settleMs: number;
}

const whole: Pace = { rounds: 7, roundMs: 1000, connections: [32, 256], settleMs: 6000 };
const small: Pace = { rounds: 1, roundMs: 300, connections: [32], settleMs: 0 };
/** So that the lines are few, and a process can still be told from the other by them. */
const sample = 20;

/** Two api processes on one port beside one: what a request costs, and how requests are spread. */
export async function benchProcesses({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const { rounds, roundMs, connections, settleMs } = smoke ? small : whole;
  const movies = 60;
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  await fillMovies(database, movies);
  const path = `/api/movies/${(await mirroredIds(database))[0]}`;
  const settings = { LOG_SAMPLE: String(sample) };
  const start = async (processes: number) =>
    stack.use(await startApiService(database, { path, processes, settings }));
  const [one, two] = [await start(1), await start(2)];
  const loader = stack.use(await startChildProgram('./reads/load.ts'));
  const rows: BenchRow[] = [];
  for (const count of connections) {
    say(`${count} connections`);
    const order = { paths: [path], connections: count, ms: roundMs, maxRequests: 1_000_000 };
    const costs: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++)
      for (const [at, service] of [one, two].entries()) {
        const micros = await costOf(loader, service, order);
        if (round >= 0) costs[at]?.push(micros);
      }
    rows.push({
      what: `two processes, ${count} connections: CPU`,
      measured: median(costs[1]),
      unit: 'µs/read',
      limit: median(costs[0]),
      limitIs: 'one process',
      goal: 'two-processes',
    });
    const distances: number[] = [];
    for (let round = 0; round < rounds; round++)
      distances.push(await distanceOf(loader, two, { ...order, ms: settleMs + roundMs }, roundMs));
    rows.push({
      what: `two processes, ${count} connections: how far a process is from its share`,
      measured: median(distances),
      unit: '%',
      note: `the middle of ${rounds} times, each with new connections; the worst ${Math.max(...distances).toFixed(1)} %`,
      goal: 'split',
    });
  }
  return { rows, data: `${movies} invented movies of the sandbox, one of them asked for again and again` };
}

type Order = Omit<LoadOrder, 'port'>;

const Loaded = z.object({ requests: z.number() });

async function costOf(loader: ChildProgram, { port, pids }: ApiService, order: Order): Promise<number> {
  const used = async () => (await Promise.all(pids.map(cpuMs))).reduce((sum, ms) => sum + ms, 0);
  const before = await used();
  const { requests } = Loaded.parse(await loader.ask({ ...order, port }));
  return (((await used()) - before) * 1000) / requests;
}

/** Log lines are on their way for up to a second. */
const logMs = 1200;
const Line = z.object({ time: z.coerce.date(), pid: z.number(), one_in: z.number() });

/**
 * How many percent a process answers more or less than each should, at the end of a time under load.
 * @param lastMs so much of the end counts
 */
async function distanceOf(
  loader: ChildProgram,
  { port, pids, output }: ApiService,
  order: Order,
  lastMs: number,
): Promise<number> {
  const seen = output().length;
  await loader.ask({ ...order, port });
  const from = Date.now() - lastMs;
  await Bun.sleep(logMs);
  const counts = new Map(pids.map((pid) => [pid, 0]));
  for (const line of output().slice(seen).split('\n')) {
    if (!line.includes('"one_in"')) continue;
    const { pid, time } = Line.parse(JSON.parse(line));
    if (time.getTime() >= from) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  }
  const all = [...counts.values()];
  const share = all.reduce((sum, n) => sum + n, 0) / all.length;
  return Math.max(...all.map((n) => (100 * Math.abs(n - share)) / share));
}
