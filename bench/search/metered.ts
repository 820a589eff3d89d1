import { type Database, openDatabase } from '#shared/orm/database.ts';
import { threadCpuMs } from '../process-figures.ts';
import { median, percentile } from '../statistics.ts';

/** A database over one connection, and so of one process of PostgreSQL, whose processor time is read. */
export interface MeteredDatabase extends Database {
  /** Which process it is by now: a connection that is not used for a while is opened anew. */
  readPid(): Promise<number>;
}

/** As the api has it: without parallel workers, whose time would be missing. */
export async function openMetered({ clientConfig }: Database): Promise<MeteredDatabase> {
  const { host = '', port = 0, user = '', database: name = '' } = clientConfig;
  const database = await openDatabase({ host, port, user, database: name }, { oneProcess: true, poolMax: 1 });
  const { rows } = await database.pool.query<{ workers: string }>(
    "select current_setting('max_parallel_workers_per_gather') as workers",
  );
  const [row] = rows;
  if (row?.workers !== '0') throw new Error(`with ${row?.workers} parallel workers the time is not known`);
  const readPid = async () => {
    const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    return rows[0]?.pid ?? 0;
  };
  return { ...database, readPid };
}

/** Of one call, in milliseconds. */
interface Spent {
  cpuMs: number;
  ownMs: number;
  wallMs: number;
}

/**
 * Of many calls: `cpu` is what PostgreSQL worked, `own` what this process did, `both` is both together, `wall` is what the
 * clock on it says.
 */
export type Figures = Record<'cpu' | 'own' | 'both' | 'wall', { p50: number; p95: number }>;

type MakeCalls = () => (() => Promise<unknown>)[];

/**
 * Each is asked for with nothing known of it, `repeats` times over: other programs disturb, and the best time counts.
 * @param calls made anew for each round, so that nothing is kept from one to the next
 */
export async function meterCalls(
  database: MeteredDatabase,
  calls: MakeCalls,
  repeats: number,
): Promise<Figures> {
  const [figures] = await meterBeside([{ database, calls }], repeats);
  if (figures === undefined) throw new Error('nothing was measured');
  return figures;
}

/** The same of several databases in turn, so that they are disturbed alike. */
export async function meterBeside(
  sides: readonly { database: Pick<MeteredDatabase, 'readPid'>; calls: MakeCalls }[],
  repeats: number,
): Promise<Figures[]> {
  const rounds: Spent[][][] = sides.map(() => []);
  for (let n = 0; n < repeats; n++)
    for (const [at, { database, calls }] of sides.entries())
      rounds[at]?.push(await meterEach(database, calls()));
  return rounds.map(figuresOf);
}

function figuresOf(rounds: readonly Spent[][]): Figures {
  const best = (of: (spent: Spent) => number) => {
    const times = (rounds[0] ?? []).map((_, call) =>
      rounds.reduce((least, spent) => Math.min(least, of(spent[call] as Spent)), Number.POSITIVE_INFINITY),
    );
    return { p50: median(times), p95: percentile(Float64Array.from(times), 0.95) };
  };
  return {
    cpu: best(({ cpuMs }) => cpuMs),
    own: best(({ ownMs }) => ownMs),
    both: best(({ cpuMs, ownMs }) => cpuMs + ownMs),
    wall: best(({ wallMs }) => wallMs),
  };
}

async function meterEach(
  { readPid }: Pick<MeteredDatabase, 'readPid'>,
  calls: (() => Promise<unknown>)[],
): Promise<Spent[]> {
  // The first pays for what is read from the disk, and for the count that the others share.
  await calls[0]?.();
  const pid = await readPid();
  const spent: Spent[] = [];
  for (const call of calls) {
    const [before, own, startedAt] = [await threadCpuMs(pid), process.cpuUsage(), performance.now()];
    await call();
    const wallMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(own);
    spent.push({ wallMs, ownMs: (user + system) / 1000, cpuMs: (await threadCpuMs(pid)) - before });
  }
  return spent;
}
