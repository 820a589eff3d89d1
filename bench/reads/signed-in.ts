import { z } from 'zod';
import { putSnapshot, putTrending } from '#tests/support/api/movie-fixture.ts';
import type { BenchRow } from '../bench.ts';
import type { ChildProgram } from '../child-program.ts';
import { goals } from '../results/goals.ts';
import type { PageOrder } from './page-load.ts';
import { type LaneFigures, type RaceOptions, race, wholeMicros } from './race.ts';
import { readWholeAnswer } from './whole-answer.ts';

interface SignedInOptions extends Omit<RaceOptions, 'lanes'> {
  api: ChildProgram;
  start: (path: string, environment?: Record<string, string>) => Promise<ChildProgram>;
  ids: Int32Array;
  /** How many pages a second are asked for, and for how long. */
  pages: { perSecond: number; pages: number };
}

/** What a packed read may cost, over a plain one. The others are goals (`results/goals.ts`). */
const mostPacked = 1.3;

const Signed = z.object({ access_token: z.string() });

/** What the usual reads cost somebody who is signed in and has said something, beside the same reads of a visitor. */
export async function raceSignedIn({ api, ids, start, pages, ...run }: SignedInOptions): Promise<BenchRow[]> {
  const shown = [...ids.slice(0, 20)];
  const [id = 0] = shown;
  await putTrending(run.pool, 'week', shown);
  await putSnapshot(run.pool, 'genres', 19);
  const post = postTo(z.string().parse(api.ready));
  const account = { name: 'Reader', email: 'reader@bench.example', password: 'a long bench passphrase' };
  const { access_token: token } = Signed.parse(await post('/api/auth/register', account));
  const authorization = `Authorization: Bearer ${token}\r\n`;
  const said = shown
    .slice(0, 5)
    .flatMap((tmdb_id) => ['liked', 'bookmarked'].map((type) => ({ tmdb_id, type })));
  await post('/api/user/interactions', { items: said }, { authorization: `Bearer ${token}` });

  const paths = {
    'hot movie': `/api/movies/${id}`,
    trending: '/api/movies/trending',
    'search, cached': '/api/movies?query=the',
    related: `/api/movies/${id}/recommendations`,
  };
  const personal = '/api/user/recommendations';
  const url = z.string().parse(api.ready);
  // The hot movie is judged by others, beside a server that writes no log either.
  const [, ...judged] = Object.entries(paths);
  const bare = await Promise.all(
    judged.map(async ([, path]) =>
      start('./reads/bytes-server.ts', {
        ANSWER: JSON.stringify(await readWholeAnswer(`${url}${path}`)),
        ROUTE: path.replace(/\?.*/, '').replace(String(id), ':tmdb_movie_id'),
      }),
    ),
  );
  const packings = ['gzip', 'zstd'];
  const lanes = [
    ...Object.values(paths).flatMap((path) => [
      { server: api, paths: [path] },
      { server: api, paths: [path], headers: authorization },
    ]),
    { server: api, paths: [personal], headers: authorization },
    ...judged.map(([, path], at) => ({ server: bare[at] ?? api, paths: [path] })),
    ...packings.map((name) => ({
      server: api,
      paths: [paths.trending],
      headers: `Accept-Encoding: ${name}\r\n`,
    })),
  ];
  const figures = await race({ ...run, lanes });
  const names = Object.keys(paths);
  const rows = [
    ...names.map((name, at) =>
      rowOf(`signed in: ${name}`, figures[2 * at + 1], figures[2 * at], 'by a visitor', 'signed-in'),
    ),
    rowOf(
      'signed in: personal list, ready',
      figures[8],
      figures[0],
      'the hot movie, by a visitor',
      'personal',
    ),
    ...judged.map(([name], at) =>
      rowOf(
        `by a visitor: ${name}`,
        figures[2 * at + 2],
        figures[9 + at],
        'bare route, same bytes',
        'visitor',
      ),
    ),
    ...packings.map((name, at) => rowOf(`trending, ${name}`, figures[12 + at], figures[2], 'not packed')),
  ];
  const page = [...Object.values(paths), '/api/genres', personal];
  return [
    ...rows,
    await pageRow({ url, paths: page, headers: { authorization: `Bearer ${token}` }, ...pages }, start),
  ];
}

const Page = z.object({ p50Ms: z.number(), p99Ms: z.number(), lateMs: z.number() });

/** A frontend's page: all its requests at once. */
async function pageRow(order: PageOrder, start: SignedInOptions['start']): Promise<BenchRow> {
  const loader = await start('./reads/page-load.ts');
  await loader.ask({ ...order, pages: 20 });
  const { p50Ms, p99Ms, lateMs } = Page.parse(await loader.ask(order));
  return {
    what: `a page of ${order.paths.length} requests, signed in, ${order.perSecond}/s: p99`,
    measured: p99Ms,
    unit: 'ms',
    note: `waiting counted; p50 ${p50Ms.toFixed(2)} ms, the last one of ${order.pages} ${lateMs.toFixed(2)} ms`,
  };
}

function rowOf(
  what: string,
  ours: LaneFigures | undefined,
  theirs: LaneFigures | undefined,
  than: string,
  goal?: 'signed-in' | 'personal' | 'visitor',
): BenchRow {
  const whole = (lane: LaneFigures | undefined) => (lane ? wholeMicros(lane) : Number.NaN);
  const most = goal === undefined ? mostPacked : goals[goal].most;
  return {
    what: `${what}: CPU`,
    measured: whole(ours),
    unit: 'µs/read',
    limit: whole(theirs),
    limitIs: than,
    target: `at most ${most} times`,
    met: whole(ours) <= most * whole(theirs),
    note: `api and PostgreSQL; ${ours?.perSecond.toFixed(0)} reads/s, p99 ${ours?.p99Ms.toFixed(2)} ms`,
    goal,
    held: what,
  };
}

const postTo =
  (url: string) =>
  async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return z.object({ data: z.unknown() }).parse(await response.json()).data;
  };
