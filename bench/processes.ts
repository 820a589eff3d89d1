import { z } from 'zod';
import { freePort } from '#tests/support/redis.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import { cpuMs } from './process-figures.ts';
import { type ApiService, startApiService } from './processes/api-service.ts';
import { fillMovies, mirroredIds } from './reads/fill-movies.ts';
import type { LoadOrder } from './reads/load.ts';
import { readWholeAnswer } from './reads/whole-answer.ts';
import { median, middleBy } from './statistics.ts';

interface Pace {
  /** How often all servers are started anew: processes of one program differ for as long as they live. */
  passes: number;
  rounds: number;
  roundMs: number;
  /** With how many connections each round is done. */
  connections: number[];
  /** How long processes may take to find their shares. */
  settleMs: number;
  /** How often it is looked how requests are spread. */
  spreads: number;
}

const whole: Pace = {
  passes: 5,
  rounds: 3,
  roundMs: 1000,
  connections: [32, 256],
  settleMs: 6000,
  spreads: 7,
};
const small: Pace = { passes: 1, rounds: 1, roundMs: 300, connections: [32], settleMs: 0, spreads: 1 };
/** So that lines cost little. */
const fewLines = 20;
/** What each process answered is told by its lines. With fewer of them, chance alone would be several percent. */
const manyLines = 2;
/** To see how requests are spread: so slow that a process with less of a processor answers as many on a connection. */
const calmPerSecond = 3000;
const maxRequests = 1_000_000;

/** Two api processes on one port beside one: what a request costs, and how requests are spread. */
export async function benchProcesses({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const pace = smoke ? small : whole;
  const { passes, spreads, roundMs, connections, settleMs } = pace;
  const movies = 60;
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  await fillMovies(database, movies);
  const path = `/api/movies/${(await mirroredIds(database))[0]}`;
  const start = (processes: number, sample: number) =>
    startApiService(database, { path, processes, settings: { LOG_SAMPLE: String(sample) } });
  const told = stack.use(await start(2, manyLines));
  const answer = JSON.stringify(await readWholeAnswer(`${told.url}${path}`));
  const loader = stack.use(await startChildProgram('./reads/load.ts'));
  const ask = { loader, paths: [path], ms: roundMs };
  const compared: Costs[][] = [];
  for (let pass = 1; pass <= passes; pass++) {
    say(`${connections.join(' and ')} connections, ${pass} of ${passes} times`);
    compared.push(await compareOnce({ start: (processes) => start(processes, fewLines), answer, ask, pace }));
  }
  const rows: BenchRow[] = [];
  for (const [at, count] of connections.entries()) {
    const costs = compared.flatMap((each) => each[at] ?? []);
    const row = { unit: 'µs/read', limitIs: 'one process' };
    const middleOf = (of: keyof Costs) =>
      middleBy(
        costs.map((each) => each[of]),
        ratioOf,
      );
    const [ours, bare] = [middleOf('ours'), middleOf('bare')];
    rows.push(
      {
        what: `two processes, ${count} connections: CPU`,
        measured: ours.two,
        limit: ours.one,
        goal: 'two-processes',
        ...row,
      },
      {
        what: `two of a bare route, ${count} connections: CPU`,
        measured: bare.two,
        limit: bare.one,
        ...row,
      },
      {
        what: `two processes, ${count} connections: CPU, over one process`,
        measured: ours.two / ours.one,
        unit: '×',
        limit: bare.two / bare.one,
        limitIs: 'the same of a bare route',
        goal: 'two-as-bare',
      },
    );
    say(`${count} connections: how requests are spread`);
    const distances: number[] = [];
    const lastMs = 2 * roundMs;
    const calm = { restMs: (count * 1000) / calmPerSecond, ms: settleMs + lastMs };
    const order = { paths: [path], connections: count, maxRequests, ...calm };
    while (distances.length < spreads) distances.push(await distanceOf(loader, told, order, lastMs));
    rows.push({
      what: `two processes, ${count} connections: how far a process is from its share`,
      measured: median(distances),
      unit: '%',
      note: `the middle of ${spreads} times, each with new connections; the worst ${Math.max(...distances).toFixed(1)} %`,
      goal: 'split',
    });
  }
  return { rows, data: `${movies} invented movies of the sandbox, one of them asked for again and again` };
}

type Order = Omit<LoadOrder, 'port'>;

/** Of one process and of two, in µs a request. */
interface Cost {
  one: number;
  two: number;
}

interface Costs {
  ours: Cost;
  bare: Cost;
}

interface Comparison {
  start(processes: number): Promise<ApiService>;
  /** What the bare route answers. */
  answer: string;
  ask: { loader: ChildProgram; paths: string[]; ms: number };
  pace: Pace;
}

/** One process and two, of the service and of a bare route, all new: what a request costs, by connections. */
async function compareOnce({ start, answer, ask, pace }: Comparison): Promise<Costs[]> {
  await using stack = new AsyncDisposableStack();
  const startBare = async (processes: number): Promise<Servers> => {
    const port = await freePort();
    const bare = { ANSWER: answer, PORT: String(port) };
    const pids: number[] = [];
    while (pids.length < processes)
      pids.push(stack.use(await startChildProgram('./reads/bytes-server.ts', bare)).pid);
    return { port, pids };
  };
  const services: Servers[] = [
    ...[stack.use(await start(1)), stack.use(await start(2))],
    ...[await startBare(1), await startBare(2)],
  ];
  const { loader, ...asked } = ask;
  const compared: Costs[] = [];
  for (const connections of pace.connections) {
    const costs = services.map((): number[] => []);
    for (let round = -1; round < pace.rounds; round++)
      for (const [at, service] of services.entries()) {
        const micros = await costOf(loader, service, { ...asked, connections, maxRequests });
        // The first round warms up.
        if (round >= 0) costs[at]?.push(micros);
      }
    const [ofOne = 0, ofTwo = 0, ofBareOne = 0, ofBareTwo = 0] = costs.map(median);
    compared.push({ ours: { one: ofOne, two: ofTwo }, bare: { one: ofBareOne, two: ofBareTwo } });
  }
  return compared;
}

const ratioOf = ({ one, two }: Cost): number => two / one;

const Loaded = z.object({ requests: z.number() });

/** What answers at one port. */
type Servers = Pick<ApiService, 'port' | 'pids'>;

async function costOf(loader: ChildProgram, { port, pids }: Servers, order: Order): Promise<number> {
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
  const seen = output().lastIndexOf('\n') + 1;
  await loader.ask({ ...order, port });
  const from = Date.now() - lastMs;
  await Bun.sleep(logMs);
  const counts = new Map(pids.map((pid) => [pid, 0]));
  for (const line of output().slice(seen).split('\n').slice(0, -1)) {
    if (!line.includes('"one_in"')) continue;
    const { pid, time } = Line.parse(JSON.parse(line));
    if (time.getTime() >= from) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  }
  const all = [...counts.values()];
  const share = all.reduce((sum, n) => sum + n, 0) / all.length;
  return Math.max(...all.map((n) => (100 * Math.abs(n - share)) / share));
}
