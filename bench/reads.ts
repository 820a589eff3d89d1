import { z } from 'zod';
import { plainStatement } from '#api/movies/answer-statement.ts';
import { detailStatement } from '#api/movies/detail-statement.ts';
import type { Statement } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { type ChildProgram, startChildProgram, startNodeProgram } from './child-program.ts';
import { englishTexts } from './english.ts';
import { raceAsTmdb } from './reads/as-tmdb.ts';
import { fillMovies, mirroredIds, multiplyMovies } from './reads/fill-movies.ts';
import { type LaneFigures, race, wholeMicros } from './reads/race.ts';
import { raceSignedIn } from './reads/signed-in.ts';
import { readWholeAnswer, type WholeAnswer } from './reads/whole-answer.ts';
import { startSandboxChild } from './sandbox-child.ts';
import { median } from './statistics.ts';

/** The detail read, hot and cold, beside what nothing could beat on the same machine in the same minute. */
export async function benchReads({ smoke, postgres, say }: BenchContext): Promise<BenchReport> {
  const [few, times] = smoke ? [300, 3] : [1000, 100];
  const pace = smoke ? { rounds: 7, roundMs: 100, leastRequests: 4000 } : { rounds: 7, roundMs: 1000 };
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database());
  say(`filling ${few} movies`);
  await fillMovies(database, few);
  const ids = await mirroredIds(database);
  const env = { DATABASE_URL: databaseUrl(database) };
  const start = async (path: string, more: Record<string, string> = {}) =>
    stack.use(await startChildProgram(path, { ...env, ...more }));
  const loader = await start('./reads/load.ts');
  const run = { loader, pool: database.pool, ...pace };

  const api = await start('./reads/api-server.ts');
  const id = ids[0] ?? 0;
  const answer = await answerOf(api, id);
  const logging = await start('./reads/api-server.ts', { LOG_FILE: '/dev/null' });
  const bare = await start('./reads/bytes-server.ts', { ANSWER: JSON.stringify(answer) });
  mustBeSame(answer, await answerOf(bare, id));
  const sandbox = stack.use(await startSandboxChild({ movies: few }));
  // Who writes this service by hand takes Node for it. Bun runs the same in half the time.
  const node = Bun.which('node');
  const settings = { TMDB_URL: sandbox.url, NODE_ENV: 'production' };
  const express = stack.use(
    node === null
      ? await startChildProgram('./peers/express-proxy.ts', settings)
      : await startNodeProgram(node, './peers/express-proxy.ts', settings),
  );
  const peerBytes = (await answerOf(express, id)).body.length;
  say('hot reads');
  const hot = await race({
    ...run,
    lanes: [api, logging, bare, express].map((server) => ({ server, paths: pathsOf(ids.slice(0, 1)) })),
  });
  const limit = ['bare route, same bytes'];
  const rows = [
    ...rowsOf(`hot (${answer.body.length} bytes)`, [hot[0], hot[2]], limit, 'hot'),
    ...rowsOf('hot, a log line each', hot.slice(1, 3), limit, 'hot-logged'),
    peerRow(hot, { runtime: node === null ? 'Bun' : 'Node', bytes: peerBytes }),
  ];

  say('reads of somebody who is signed in');
  const pages = smoke ? { perSecond: 20, pages: 40 } : { perSecond: 150, pages: 1500 };
  rows.push(...(await raceSignedIn({ ...run, api, ids, start, pages })));

  say('reads of /3');
  rows.push(...(await raceAsTmdb({ ...run, api, id, start })));

  const uncached = await start('./reads/api-server.ts', { CACHE: 'off' });
  const ready = await start('./reads/select-server.ts', { STATEMENT: 'ready' });
  const row = await start('./reads/select-server.ts', { STATEMENT: 'row' });
  const cold = async (ids: Int32Array, connections = 32): Promise<LaneFigures[]> => {
    await Promise.all([uncached, ready, row].map((server) => answerOf(server, ids[0] ?? 0)));
    const paths = pathsOf(ids);
    return race({
      ...run,
      leastRequests: 0,
      connections,
      lanes: [uncached, ready, row].map((server) => ({ server, paths })),
    });
  };
  const limits = ['key select, same size', 'key select, small row'];
  say(`cold reads over ${few} movies`);
  const overFew = await cold(ids);
  rows.push(...rowsOf(`cold, ${few} movies`, overFew, limits));
  rows.push(...coldRows(overFew, await cold(ids, 1)));
  say(`filling ${few * times} movies`);
  await multiplyMovies(database, times);
  const manyIds = await mirroredIds(database);
  if (manyIds.length !== few * times) throw new Error(`${manyIds.length} movies, not ${few * times}`);
  say(`cold reads over ${manyIds.length} movies`);
  const overMany = await cold(manyIds);
  rows.push(...rowsOf(`cold, ${manyIds.length} movies`, overMany, limits));
  rows.push(flatness(overFew, overMany, `${manyIds.length} movies against ${few}`));
  rows.push(await statementRow(database, manyIds, (tmdbId) => plainStatement({ tmdbId })));
  rows.push(await statementRow(database, manyIds, (tmdbId) => detailStatement({ tmdbId, ...englishTexts })));
  return { rows, data: `${few} invented movies of the sandbox, multiplied by ${times} with SQL` };
}

const pathsOf = (ids: Int32Array): string[] => Array.from(ids, (id) => `/api/movies/${id}`);

async function answerOf(server: ChildProgram, id: number): Promise<WholeAnswer> {
  return readWholeAnswer(`${z.string().parse(server.ready)}/api/movies/${id}`);
}

function mustBeSame(one: WholeAnswer, other: WholeAnswer): void {
  if (!Bun.deepEquals(one, other)) throw new Error('the bare route does not answer the same as the API');
}

/** What one would write instead of running this service. */
function peerRow(
  [ours, , , peer]: LaneFigures[],
  { runtime, bytes }: { runtime: string; bytes: number },
): BenchRow {
  const [measured, limit] = [peer?.cpuMicros ?? 0, ours?.cpuMicros ?? 0];
  return {
    what: `Express under ${runtime} with node-cache before TMDb (${bytes} bytes): server CPU`,
    measured,
    unit: 'µs/read',
    limit,
    limitIs: 'our hot movie',
    target: 'at least 20 times',
    met: measured >= 20 * limit,
    goal: 'peer',
    note: `${peer?.perSecond.toFixed(0)} reads/s, p99 ${peer?.p99Ms.toFixed(2)} ms`,
  };
}

/** The first lane is ours, the others are its limits. @param goal of the processor time beside the first limit */
function rowsOf(
  what: string,
  [ours, ...limits]: (LaneFigures | undefined)[],
  names: string[],
  goal?: 'hot' | 'hot-logged',
): BenchRow[] {
  if (ours === undefined) return [];
  const waits = `p50 ${ours.p50Ms.toFixed(2)} ms, p99 ${ours.p99Ms.toFixed(2)} ms`;
  return limits.flatMap((limit, index) =>
    limit === undefined
      ? []
      : [
          {
            what: `${what}: rate`,
            measured: ours.perSecond,
            unit: 'reads/s',
            limit: limit.perSecond,
            limitIs: names[index],
            note: index === 0 ? waits : undefined,
          },
          {
            what: `${what}: server CPU`,
            measured: ours.cpuMicros,
            unit: 'µs/read',
            limit: limit.cpuMicros,
            limitIs: names[index],
            ...(index === 0 && goal !== undefined ? { goal, held: goal } : {}),
            note:
              ours.postgresMicros > 1
                ? `PostgreSQL beside it ${ours.postgresMicros.toFixed(0)} µs, the limit's ${limit.postgresMicros.toFixed(0)} µs`
                : undefined,
          },
        ],
  );
}

/** Beside one prepared select each: what many at once cost, and how long one alone takes. */
function coldRows([ours, select]: LaneFigures[], [lone, loneSelect]: LaneFigures[]): BenchRow[] {
  if (!ours || !select || !lone || !loneSelect) return [];
  const limitIs = 'key select, same size';
  return [
    {
      what: 'cold, 32 connections: CPU of server and PostgreSQL',
      measured: wholeMicros(ours),
      unit: 'µs/read',
      limit: wholeMicros(select),
      limitIs,
      goal: 'cold',
      held: 'cold',
    },
    {
      what: 'cold, one connection: p50',
      measured: lone.p50Ms,
      unit: 'ms',
      limit: loneSelect.p50Ms,
      limitIs,
      goal: 'lone',
    },
  ];
}

function flatness([few]: LaneFigures[], [many]: LaneFigures[], sizes: string): BenchRow {
  return {
    what: `cold: ${sizes}`,
    measured: many?.perSecond ?? 0,
    unit: 'reads/s',
    limit: few?.perSecond ?? 0,
    limitIs: 'over the fewer',
    target: 'flat',
  };
}

const Plan = z.array(z.object({ 'QUERY PLAN': z.tuple([z.object({ 'Execution Time': z.number() })]) }));

/** What PostgreSQL itself needs for one detail read, without any network or driver. */
async function statementRow(
  { pool }: Database,
  ids: Int32Array,
  statementOf: (tmdbId: number) => Statement,
): Promise<BenchRow> {
  const client = await pool.connect();
  const { name = '', text } = statementOf(0);
  const plan = name.replaceAll('-', '_');
  try {
    await client.query(`prepare ${plan} as ${text}`);
    const times: number[] = [];
    const valuesOf = (id: number) => statementOf(id).values.map((value) => `'${value}'`);
    for (const id of ids.slice(0, 200)) {
      const explained = await client.query(
        `explain (analyze, timing off, format json) execute ${plan} (${valuesOf(id)})`,
      );
      times.push(Plan.parse(explained.rows)[0]?.['QUERY PLAN'][0]['Execution Time'] ?? 0);
    }
    const note = 'EXPLAIN ANALYZE, median of 200';
    return { what: `cold: ${name} alone`, measured: median(times) * 1000, unit: 'µs', note };
  } finally {
    client.release();
  }
}
