import type { Pool } from 'pg';
import { z } from 'zod';
import type { ChildProgram } from '../child-program.ts';
import { connectionTimes, spentSince } from '../process-figures.ts';
import { median } from '../statistics.ts';
import type { LoadOrder } from './load.ts';

export interface Lane {
  server: ChildProgram;
  paths: readonly string[];
  headers?: string;
}

/** The medians over the rounds. */
export interface LaneFigures {
  perSecond: number;
  /** Of the server's own process, for one request. */
  cpuMicros: number;
  /** Of PostgreSQL, for one request. */
  postgresMicros: number;
  p50Ms: number;
  p99Ms: number;
}

const Usage = z.object({ user: z.number(), system: z.number() });
const Loaded = z.object({ requests: z.number(), ms: z.number(), p50Ms: z.number(), p99Ms: z.number() });

export interface RaceOptions {
  loader: ChildProgram;
  lanes: readonly Lane[];
  rounds: number;
  roundMs: number;
  /** Where the servers' database is, to see what PostgreSQL spends. */
  pool: Pool;
  connections?: number;
  leastRequests?: number;
}

const maxRequests = 500_000;

/** What a request costs the server and PostgreSQL together. */
export const wholeMicros = ({ cpuMicros, postgresMicros }: LaneFigures): number => cpuMicros + postgresMicros;

/** Servers take turns, each round in the other order, so that what disturbs the machine disturbs all of them. */
export async function race(options: RaceOptions): Promise<LaneFigures[]> {
  const { lanes, rounds } = options;
  const figures = lanes.map((): LaneFigures[] => []);
  for (let round = -1; round < rounds; round++) {
    const order = [...lanes.keys()];
    if (round % 2 === 0) order.reverse();
    for (const index of order) {
      const lane = lanes[index];
      if (lane === undefined) continue;
      const measured = await measure(lane, options);
      // The first round warms up.
      if (round >= 0) figures[index]?.push(measured);
    }
  }
  return figures.map(middleOf);
}

async function measure(
  { server, ...asked }: Lane,
  { loader, roundMs: ms, pool, connections = 32, leastRequests = 0 }: RaceOptions,
): Promise<LaneFigures> {
  const cpuOf = async () => {
    const { user, system } = Usage.parse(await server.ask('cpu'));
    return user + system;
  };
  const port = Number(new URL(z.string().parse(server.ready)).port);
  const order: LoadOrder = { port, ...asked, connections, ms, leastRequests, maxRequests };
  const [cpuBefore, postgresBefore] = [await cpuOf(), await connectionTimes(pool)];
  const loaded = Loaded.parse(await loader.ask(order));
  const [cpuAfter, postgresAfter] = [await cpuOf(), await connectionTimes(pool)];
  return {
    perSecond: (loaded.requests * 1000) / loaded.ms,
    cpuMicros: (cpuAfter - cpuBefore) / loaded.requests,
    postgresMicros: (spentSince(postgresBefore, postgresAfter) * 1000) / loaded.requests,
    p50Ms: loaded.p50Ms,
    p99Ms: loaded.p99Ms,
  };
}

function middleOf(rounds: readonly LaneFigures[]): LaneFigures {
  const of = (field: keyof LaneFigures) => median(rounds.map((round) => round[field]));
  return {
    perSecond: of('perSecond'),
    cpuMicros: of('cpuMicros'),
    postgresMicros: of('postgresMicros'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
  };
}
