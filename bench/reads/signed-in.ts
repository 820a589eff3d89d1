import { z } from 'zod';
import { putTrending } from '#tests/support/api/movie-fixture.ts';
import type { BenchRow } from '../bench.ts';
import type { ChildProgram } from '../child-program.ts';
import { type LaneFigures, type RaceOptions, race } from './race.ts';

interface SignedInOptions extends Omit<RaceOptions, 'lanes'> {
  api: ChildProgram;
  ids: Int32Array;
}

const Signed = z.object({ access_token: z.string() });

/** What the usual reads cost somebody who is signed in and has said something, beside the same reads of a visitor. */
export async function raceSignedIn({ api, ids, ...run }: SignedInOptions): Promise<BenchRow[]> {
  const shown = [...ids.slice(0, 20)];
  const [id = 0] = shown;
  await putTrending(run.pool, 'week', shown);
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
  const lanes = [
    ...Object.values(paths).flatMap((path) => [
      { server: api, paths: [path] },
      { server: api, paths: [path], headers: authorization },
    ]),
    { server: api, paths: [personal], headers: authorization },
  ];
  const figures = await race({ ...run, lanes });
  const rows = Object.keys(paths).map((name, at) =>
    rowOf(`signed in: ${name}`, figures[2 * at + 1], figures[2 * at], { most: 2.5, than: 'by a visitor' }),
  );
  const most = { most: 3, than: 'the hot movie, by a visitor' };
  return [...rows, rowOf('signed in: personal list, ready', figures.at(-1), figures[0], most)];
}

/** @param most so many times what it costs the other */
function rowOf(
  what: string,
  ours: LaneFigures | undefined,
  theirs: LaneFigures | undefined,
  { most, than }: { most: number; than: string },
): BenchRow {
  const whole = (lane: LaneFigures | undefined) => (lane ? lane.cpuMicros + lane.postgresMicros : Number.NaN);
  return {
    what: `${what}: CPU`,
    measured: whole(ours),
    unit: 'µs/read',
    limit: whole(theirs),
    limitIs: than,
    target: `at most ${most} times`,
    met: whole(ours) <= most * whole(theirs),
    note: `api and PostgreSQL; ${ours?.perSecond.toFixed(0)} reads/s, p99 ${ours?.p99Ms.toFixed(2)} ms`,
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
