import { z } from 'zod';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram } from './child-program.ts';
import type { Offered, OfferOrder } from './overload/offer-load.ts';
import { currentMemoryMib, peakMemoryMib } from './process-figures.ts';
import { fillMovies, mirroredIds } from './reads/fill-movies.ts';
import { type LaneFigures, race } from './reads/race.ts';

interface Amounts {
  movies: number;
  idle: number;
  /** Connections of those who ask too much. */
  callers: number;
  rounds: number;
  roundMs: number;
  offerMs: number;
}

const whole: Amounts = {
  movies: 1000,
  idle: 10_000,
  callers: 5000,
  rounds: 5,
  roundMs: 1000,
  offerMs: 10_000,
};
const small: Amounts = { movies: 60, idle: 500, callers: 200, rounds: 1, roundMs: 200, offerMs: 500 };

/** Many connections that say nothing, and more requests than can be served. */
export async function benchOverload({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const amounts = smoke ? small : whole;
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  say(`filling ${amounts.movies} movies`);
  await fillMovies(database, amounts.movies);
  const paths = Array.from(await mirroredIds(database), (id) => `/api/movies/${id}`);
  const env = { DATABASE_URL: databaseUrl(database) };
  const start = async (path: string, more: Record<string, string> = {}) =>
    stack.use(await startChildProgram(path, { ...env, ...more }));
  const crowd = await start('./overload/offer-load.ts');
  const loader = await start('./reads/load.ts');
  const raceOf = async (server: ChildProgram, lanePaths: readonly string[]): Promise<LaneFigures> => {
    const [figures] = await race({
      ...{ loader, pool: database.pool, rounds: amounts.rounds, roundMs: amounts.roundMs },
      lanes: [{ server, paths: lanePaths }],
    });
    if (figures === undefined) throw new Error('nothing was measured');
    return figures;
  };
  const tell = (order: OfferOrder) => crowd.ask(order);

  say(`${amounts.idle} idle connections`);
  const hot = paths.slice(0, 1);
  const api = await start('./reads/api-server.ts');
  const before = await raceOf(api, hot);
  const restMib = await currentMemoryMib(api.pid);
  await tell({ type: 'hold', port: portOf(api), path: hot[0] ?? '', connections: amounts.idle });
  const heldMib = await currentMemoryMib(api.pid);
  const beside = await raceOf(api, hot);
  await tell({ type: 'release' });

  say('twice the servable rate');
  const cold = await start('./reads/api-server.ts', { CACHE: 'off', LOG_LEVEL: 'silent' });
  const servable = await raceOf(cold, paths);
  const servedMib = await peakMemoryMib(cold.pid);
  const offered = (await tell({
    ...{ type: 'offer', port: portOf(cold), paths, most: amounts.callers },
    ...{ perSecond: Math.round(2 * servable.perSecond), ms: amounts.offerMs },
  })) as Offered;
  mustAnswerAll(offered);
  const peakMib = await peakMemoryMib(cold.pid);
  const after = await raceOf(cold, paths);
  const rows: BenchRow[] = [
    {
      what: `hot, beside ${amounts.idle} idle connections: CPU`,
      measured: beside.cpuMicros,
      unit: 'µs/read',
      limit: before.cpuMicros,
      limitIs: 'without them',
      note: `p99 ${beside.p99Ms.toFixed(2)} ms, without them ${before.p99Ms.toFixed(2)} ms`,
      goal: 'idle',
    },
    {
      what: `${amounts.idle} idle connections: memory they take`,
      measured: Math.max(0, heldMib - restMib),
      unit: 'MiB',
      note: `${heldMib.toFixed(0)} MiB in all`,
      goal: 'idle-memory',
    },
    overloadRow(offered, servable.perSecond, amounts),
    {
      what: 'twice the servable rate: memory it takes',
      measured: peakMib - servedMib,
      unit: 'MiB',
      note: `${peakMib.toFixed(0)} MiB at most`,
      goal: 'overload-memory',
    },
    {
      what: 'after that: rate',
      measured: after.perSecond,
      unit: 'reads/s',
      limit: servable.perSecond,
      limitIs: 'before',
      note: `everything was answered ${offered.drainedMs.toFixed(0)} ms after the last request`,
    },
  ];
  return { rows, data: `${amounts.movies} invented movies of the sandbox` };
}

const portOf = (server: ChildProgram) => Number(new URL(z.string().parse(server.ready)).port);

/** @throws {Error} when a request got another answer than its movie or "overloaded", or none at all */
function mustAnswerAll({ answers, lost }: Offered): void {
  const odd = Object.keys(answers).filter((status) => status !== '200' && status !== '503');
  if (odd.length > 0 || lost > 0)
    throw new Error(`under too many requests: answers ${JSON.stringify(answers)}, ${lost} without one`);
}

function overloadRow(offered: Offered, servable: number, { offerMs, callers }: Amounts): BenchRow {
  const { sent, heldBack, answers, p50Ms, p99Ms } = offered;
  const refused = answers['503'] ?? 0;
  return {
    what: 'twice the servable rate of cold reads: answers',
    measured: ((answers['200'] ?? 0) * 1000) / offerMs,
    unit: 'reads/s',
    limit: servable,
    limitIs: 'servable: 32 connections, one request each',
    note: `${sent + heldBack} due in ${offerMs / 1000} s on ${callers} connections: ${refused} got 503, ${heldBack} waited at the caller; p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`,
    goal: 'overload',
  };
}
