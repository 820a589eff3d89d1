import { z } from 'zod';
import type { Database } from '#shared/orm/database.ts';
import { databaseUrl } from '#tests/support/database.ts';
import { type ChildProgram, startChildProgram } from '../child-program.ts';
import { currentMemoryMib } from '../process-figures.ts';
import { type Lane, race, wholeMicros } from '../reads/race.ts';
import { readWholeAnswer } from '../reads/whole-answer.ts';
import { median } from '../statistics.ts';

export const laneNames = [
  ...(['hot movie', 'trending', 'search, cached', 'hot movie, signed in', 'personal list, ready'] as const),
  'cold movie',
] as const;
export const waitNames = ['personal list', 'search, a typo', 'browse, one genre'] as const;

interface Reads {
  micros: number;
  limit: number;
}

/** What servers say that were started for it. */
export interface Pass {
  lanes: Record<(typeof laneNames)[number], Reads>;
  waits: Record<(typeof waitNames)[number], number>;
  restMib: number;
  readMib: number;
}

export const ratioOf = ({ micros, limit }: Reads): number => micros / limit;

export async function readWithNewServers(
  database: Database,
  {
    paths,
    callers,
    rounds,
    roundMs,
  }: { paths: readonly string[]; callers: readonly string[]; rounds: number; roundMs: number },
): Promise<Pass> {
  await using stack = new AsyncDisposableStack();
  const start = async (path: string, more: Record<string, string> = {}) =>
    stack.use(await startChildProgram(path, { DATABASE_URL: databaseUrl(database), ...more }));
  const hot = paths.slice(0, 1);
  const api = await start('./reads/api-server.ts');
  const restMib = await currentMemoryMib(api.pid);
  const uncached = await start('./reads/api-server.ts', { CACHE: 'off' });
  const select = await start('./reads/select-server.ts', { STATEMENT: 'stored' });
  const whole = await readWholeAnswer(`${urlOf(api)}${hot[0]}`);
  const bare = await start('./reads/bytes-server.ts', { ANSWER: JSON.stringify(whole) });
  const loader = await start('./reads/load.ts');
  const headers = `Authorization: Bearer ${callers[0]}\r\n`;
  const waits: Pass['waits'] = {
    'personal list': await waitOf(callers.map((token) => [api, '/api/user/recommendations', token])),
    'search, a typo': await waitOf(callers.map((_, n) => [uncached, `/api/movies?query=midnigt+${n}`])),
    'browse, one genre': await waitOf(callers.map((_, n) => [uncached, `/api/movies?genre=3&page=${n + 1}`])),
  };
  const asked: Record<(typeof laneNames)[number], Lane> = {
    'hot movie': { server: api, paths: hot },
    trending: { server: api, paths: ['/api/movies/trending'] },
    'search, cached': { server: api, paths: ['/api/movies?query=the'] },
    'hot movie, signed in': { server: api, paths: hot, headers },
    'personal list, ready': { server: api, paths: ['/api/user/recommendations'], headers },
    'cold movie': { server: uncached, paths },
  };
  const limits: Lane[] = [
    { server: bare, paths: hot },
    { server: select, paths },
  ];
  const figures = await race({
    ...{ loader, pool: database.pool, rounds, roundMs },
    lanes: [...laneNames.map((name) => asked[name]), ...limits],
  });
  const micros = figures.map(wholeMicros);
  const [ofBare = 0, ofSelect = 0] = micros.slice(-limits.length);
  const lanes = laneNames.map((name, at): [typeof name, Reads] => [
    name,
    { micros: micros[at] ?? 0, limit: name === 'cold movie' ? ofSelect : ofBare },
  ]);
  const readMib = await currentMemoryMib(api.pid);
  return { lanes: Object.fromEntries(lanes) as Pass['lanes'], waits, restMib, readMib };
}

const urlOf = (server: ChildProgram) => z.string().parse(server.ready);

/** One after the other; the first prepares statements. */
async function waitOf(asked: [ChildProgram, string, string?][]): Promise<number> {
  const times: number[] = [];
  for (const [server, path, token] of [...asked.slice(0, 1), ...asked]) {
    const startedAt = performance.now();
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${urlOf(server)}${path}`, { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    times.push(performance.now() - startedAt);
  }
  return median(times.slice(1));
}
