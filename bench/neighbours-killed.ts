import type { Pool } from 'pg';
import type { Database } from '#shared/orm/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { fillCrowd } from './neighbours/fill-crowd.ts';
import { peakMemoryMib } from './process-figures.ts';
import type { Amount } from './recommendations/invent-interactions.ts';
import { type SandboxChild, startSandboxChild } from './sandbox-child.ts';
import { startWorkerChild } from './worker-child.ts';

const whole: Amount = { users: 100_000, movies: 30_000, perUser: 265 };
const twentieth: Amount = { ...whole, users: 5000 };
const mostMemoryMib = 1536;
const longestMs = 1_800_000;

/** Where a run is ended: how far it is then, of what the console shows. */
const endings = [
  { phase: 'reading', SIGKILL: 0.12, SIGTERM: 0.22 },
  { phase: 'inverting', SIGKILL: 0.34, SIGTERM: 0.38 },
  { phase: 'neighbors', SIGKILL: 0.48, SIGTERM: 0.55 },
  { phase: 'transitions', SIGKILL: 0.72, SIGTERM: 0.82 },
  { phase: 'writing', SIGKILL: 0.92, SIGTERM: 0.95 },
].flatMap(({ phase, ...at }) =>
  (['SIGKILL', 'SIGTERM'] as const).map((signal) => ({ phase, signal, at: at[signal] })),
);
type Ending = (typeof endings)[number];

/**
 * The real worker at full size: once undisturbed, and once ended in each phase by SIGKILL and by SIGTERM, and started
 * again. It must go on where it was, and come to the same lists.
 * @throws {Error} where the lists differ
 */
export async function benchNeighboursKilled({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  await using stack = new AsyncDisposableStack();
  const amount = smoke ? twentieth : whole;
  const database = stack.use(await postgres.database());
  say(`filling ${amount.users} users`);
  await fillCrowd(database, amount, say);
  const sandbox = stack.use(await startSandboxChild({ movies: 200 }));
  const runs = createRuns(database, sandbox);
  await using _last = { [Symbol.asyncDispose]: () => runs.end('SIGTERM') };

  await runs.begin();
  const undisturbed = await secondsOf(runs.finish);
  const expected = await digestOf(database.pool);
  say(`undisturbed: ${Math.round(undisturbed)} s, at most ${Math.round(runs.mostMib())} MiB`);
  await runs.end('SIGTERM');

  await runs.begin();
  const rows: BenchRow[] = [];
  const disturbed = await secondsOf(async () => {
    for (const ending of endings) {
      const row = await runs.endAndGoOn(ending);
      say(`${row.what} ${Math.round(row.measured)} s, ${row.note}`);
      rows.push(row);
    }
    await runs.finish();
  });
  if ((await digestOf(database.pool)) !== expected)
    throw new Error('a run that was ended came to other lists');
  const most = runs.mostMib();
  const memory = smoke ? {} : { target: `≤ ${mostMemoryMib}`, met: most <= mostMemoryMib };
  const note = `ended ${endings.length} times; the lists are the same`;
  return {
    rows: [
      ...rows,
      { what: 'undisturbed', measured: undisturbed, unit: 's' },
      { what: 'disturbed', measured: disturbed, unit: 's', note },
      { what: 'most memory of a worker', measured: most, unit: 'MiB', ...memory },
    ],
    data: `${amount.users} invented users, ${amount.movies} movies, the real worker`,
  };
}

/** The runs of one worker after the other. */
function createRuns(database: Database, sandbox: SandboxChild) {
  const { pool } = database;
  const start = () => startWorkerChild({ database, sandbox, maxRps: 10 });
  let worker: ReturnType<typeof start> | undefined;
  let most = 0;
  const until = async (condition: (run: Run) => boolean) =>
    worker?.until(async () => {
      most = Math.max(most, await peakMemoryMib(worker?.pid ?? 0).catch(() => 0));
      const run = await runOf(pool);
      if (run.status === 'failed') throw new Error(`the run failed: ${worker?.lastWords().join('\n')}`);
      return condition(run);
    }, longestMs);
  const end = async (signal: Ending['signal']) => {
    const ended = worker;
    worker = undefined;
    await (signal === 'SIGKILL' ? ended?.kill() : ended?.[Symbol.asyncDispose]());
  };
  return {
    mostMib: () => most,
    end,
    /** Without a run of today the worker begins one as it starts. */
    async begin(): Promise<void> {
      await pool.query("delete from sync_runs where job = 'neighbours'");
      await pool.query('truncate neighbour_work');
      worker = start();
    },
    finish: async () => void (await until(({ status }) => status === 'succeeded')),
    async endAndGoOn({ phase, signal, at }: Ending): Promise<BenchRow> {
      await until(({ progress }) => progress >= at);
      const { status, progress } = await runOf(pool);
      if (status === 'succeeded') throw new Error(`it was over before it could be ended in ${phase}`);
      const endingSeconds = await secondsOf(() => end(signal));
      const lostSeconds = await secondsOf(async () => {
        worker = start();
        await until((run) => run.progress > progress);
      });
      const what = `${signal} in ${phase}, at ${Math.round(progress * 100)} %: further after`;
      return { what, measured: lostSeconds, unit: 's', note: `ended in ${endingSeconds.toFixed(1)} s` };
    },
  };
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return (performance.now() - startedAt) / 1000;
}

interface Run {
  status: string;
  progress: number;
}

async function runOf(pool: Pool): Promise<Run> {
  const { rows } = await pool.query<Run>(
    "select status, progress::float8 from sync_runs where job = 'neighbours' order by queued_at desc limit 1",
  );
  return rows[0] ?? { status: 'none', progress: 0 };
}

/** All lists to the last byte. */
async function digestOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ digest: string }>(`
    select md5(string_agg(concat_ws('/', movie_id, users, weight, md5(neighbours), md5(transitions)), ','
      order by movie_id)) as digest from movie_neighbours`);
  return rows[0]?.digest ?? '';
}
