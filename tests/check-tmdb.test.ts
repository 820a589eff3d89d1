import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Glob } from 'bun';
import type { Sandbox } from '#sandbox/sandbox.ts';
import { defaultApiKey, startSandbox } from '#sandbox/server.ts';
import type { Environment } from '#shared/config.ts';
import { startProgram } from './support/program.ts';

type Json = Record<string, unknown>;
type AnswerRequest = (url: URL, request: Request) => Response | Promise<Response>;

const tokenSetting = { TMDB_ACCESS_TOKEN: defaultApiKey };
const refusal = (status: number, code: number) =>
  Response.json({ success: false, status_code: code, status_message: 'No.' }, { status });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ movies: 2000 });
});
afterAll(() => sandbox.stop());

async function checkTmdb(env: Environment, args: string[] = []) {
  await using program = startProgram('scripts/check-tmdb.ts', env, args);
  const code = await program.exited;
  await program[Symbol.asyncDispose]();
  return { code, said: program.output() };
}

/** The program with a stand-in of the test's own, which can ask the sandbox for what it does not spoil. */
async function checkStandIn(answer: AnswerRequest) {
  const fetch = (request: Request) => answer(new URL(request.url), request);
  await using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch });
  const origin = `http://127.0.0.1:${server.port}`;
  const urls = { TMDB_BASE_URL: `${origin}/3`, TMDB_EXPORT_BASE_URL: `${origin}/p/exports` };
  return await checkTmdb({ ...urls, ...tokenSetting });
}

function askSandbox({ pathname, search }: URL, { headers }: Request): Promise<Response> {
  return fetch(`${new URL(sandbox.url).origin}${pathname}${search}`, { headers });
}

const linesWith = (said: string, word: string) => said.split('\n').filter((line) => line.includes(word));

describe('check-tmdb', () => {
  test('finds that everything fits in the sandbox, with few calls, none too soon', async () => {
    sandbox.resetStats();
    const urls = { TMDB_BASE_URL: sandbox.url, TMDB_EXPORT_BASE_URL: sandbox.exportUrl };
    const { code, said } = await checkTmdb({ ...urls, ...tokenSetting });
    expect({ code, misfits: linesWith(said, 'DOES NOT FIT') }).toEqual({ code: 0, misfits: [] });
    expect(linesWith(said, 'fits  ').length).toBeGreaterThan(17);
    expect(said).toContain('Everything fits');
    expect(said).not.toContain(defaultApiKey);

    const requests = sandbox.requests();
    expect(said).toContain(`${requests.length} calls in `);
    expect(requests.length).toBeGreaterThan(18);
    expect(requests.length).toBeLessThan(24);
    const routes = new Set(requests.map(({ route }) => route.slice('GET '.length)));
    for (const template of [
      '/authentication',
      '/genre/movie/list',
      '/trending/movie/day',
      '/trending/movie/week',
      '/movie/popular',
      '/discover/movie',
      '/search/movie',
      '/find/{imdb_id}',
      '/movie/{id}',
      '/p/exports/{file}',
    ])
      expect(routes).toContain(template);
    const details = requests.filter(({ target }) => target.startsWith('/movie/550?'));
    expect(details[0]?.target).toContain('credits,keywords,recommendations,similar,release_dates');
    expect(sandbox.stats().maxInAnySecond).toBeLessThanOrEqual(7);
  }, 60_000);

  test('names each field that does not fit, how often, and what the mirror does, but nothing that is in it', async () => {
    const marker = 'CONTENT-OF-TMDB';
    const spoilt: Record<string, (json: Json) => unknown> = {
      '/3/genre/movie/list': ({ genres }) => ({ genres: { all: genres } }),
      '/3/movie/popular': ({ results }) => results,
      '/3/trending/movie/week': ({ results, ...page }) => ({
        ...page,
        results: (results as Json[]).map((row, i) => ({
          ...row,
          popularity: marker,
          release_date: '31.12.2024',
          ...(i === 3 && { id: marker }),
        })),
      }),
      '/3/movie/550': ({ credits, ...movie }) => ({ ...movie, runtime: marker, videos: marker, credits }),
    };
    const withoutOrder = (json: Json) => {
      const { cast = [], crew } = (json.credits ?? {}) as { cast?: Json[]; crew?: unknown };
      return {
        ...json,
        credits: { cast: cast.map(({ order, ...row }) => ({ ...row, place: order })), crew },
      };
    };
    const { code, said } = await checkStandIn(async (url, request) => {
      if (url.pathname.startsWith('/p/exports/'))
        return new Response('{"id":"5","original_title":"x","popularity":1,"adult":false}\n{"id":6}\n');
      if (url.pathname === '/3/movie/999999999') return Response.json({ id: 999_999_999, title: 'x' });
      if (url.pathname === '/3/discover/movie') return refusal(400, 22);
      const answer = await askSandbox(url, request);
      const isMovie = /^\/3\/movie\/\d+$/.test(url.pathname);
      const spoil = spoilt[url.pathname];
      if (!answer.ok || (!isMovie && spoil === undefined)) return answer;
      const json = (await answer.json()) as Json;
      const renamed = isMovie ? withoutOrder(json) : json;
      return Response.json(spoil?.(renamed as Json) ?? renamed);
    });
    expect(code).toBe(1);
    for (const line of [
      '/genre/movie/list  genres: expected a list, found an object. The mirror refuses the whole answer. (the genres: genres)',
      '/movie/popular  the whole answer: expected an object, found a list. The mirror refuses the whole answer. (2 times; first: popular, page 1)',
      '/trending/movie/{window}  results[].popularity: expected a number, found text. The mirror stores nothing for it. (20 times; first: trending this week, page 1: results[0].popularity)',
      '/trending/movie/{window}  results[].release_date: expected a date such as 2024-12-31, found text. The mirror stores nothing for it. (20 times; first: trending this week, page 1: results[0].release_date)',
      '/trending/movie/{window}  results[].id: expected a whole number from 1 to 2147483647, found text. The mirror leaves the row out. (trending this week, page 1: results[3].id)',
      '/movie/{id}  runtime: expected a number, found text. The mirror stores nothing for it. (movie 550, very well known: runtime)',
      '/movie_ids_{date}.json.gz  [].id: expected a whole number from 1 to 2147483647, found text. The mirror leaves the row out. (the daily export, its first 500 lines: [0].id)',
      '/discover/movie  TMDb refused our request (HTTP 400 from /discover/movie). (2 times; first: discover: dramas)',
      '/movie/{id}  expected HTTP 404, found a movie. (a movie that does not exist)',
      '/movie/{id}  videos: expected an object, found text. The mirror refuses the whole answer. (movie 550, very well known: videos)',
    ])
      expect(said.split('\n')).toContain(line);
    expect(said).toMatch(
      /^\/movie\/\{id\} {2}credits\.cast\[\]\.order: is never there \(looked for \d+ times\)/m,
    );
    expect(linesWith(said, 'DOES NOT FIT').map((line) => line.slice(14))).toEqual([
      'the genres',
      'trending this week, page 1',
      'popular, page 1',
      'popular, page 500 (the last one)',
      'discover: dramas',
      'discover: movies of an actor',
      'the daily export, its first 500 lines',
      'movie 550, very well known',
      'a movie that does not exist',
    ]);
    expect(said).not.toContain(marker);
    expect(said).not.toContain(defaultApiKey);
  }, 60_000);

  test('says that it could not ask everything, and asks no more, where TMDb stops answering or takes the key back', async () => {
    const [away, revoked] = await Promise.all([
      checkStandIn((url, request) =>
        url.pathname.startsWith('/3/search/') || url.pathname.startsWith('/3/find/')
          ? new Response('<html>Sign in</html>')
          : askSandbox(url, request),
      ),
      checkStandIn((url, request) =>
        url.pathname.startsWith('/3/movie/') ? refusal(401, 7) : askSandbox(url, request),
      ),
    ]);
    expect({ code: away.code, asked: linesWith(away.said, 'no answer     ').length }).toEqual({
      code: 2,
      asked: 2,
    });
    expect(away.said).toContain('some questions got no answer');
    expect(away.said).not.toContain('by its IMDb id');
    expect({ code: revoked.code, asked: linesWith(revoked.said, 'no answer     ').length }).toEqual({
      code: 2,
      asked: 1,
    });
    expect(revoked.said).toContain('TMDb does not accept our key');
  }, 60_000);
});

describe('check-tmdb asks nothing, and says what to do,', () => {
  const urls = () => ({ TMDB_BASE_URL: sandbox.url, TMDB_EXPORT_BASE_URL: sandbox.exportUrl });
  const nowhere = { TMDB_BASE_URL: 'http://127.0.0.1:1/3' };
  test.each<[string, () => Environment, string]>([
    ['without a key', () => urls(), 'set TMDB_ACCESS_TOKEN'],
    [
      'with a key in the place of a token',
      () => ({ ...urls(), TMDB_ACCESS_TOKEN: 'a'.repeat(32) }),
      'set TMDB_API_KEY instead',
    ],
    [
      'with a token in the place of a key',
      () => ({ ...urls(), TMDB_API_KEY: 'some.where.else' }),
      'set TMDB_ACCESS_TOKEN instead',
    ],
    ['with both', () => ({ ...urls(), ...tokenSetting, TMDB_API_KEY: 'secret' }), 'set only one'],
    [
      'with a token that is refused and has another form',
      () => ({ ...urls(), TMDB_ACCESS_TOKEN: 'secret-of-mine' }),
      'it should have three parts',
    ],
    [
      'with a key that is refused and has another form',
      () => ({ ...urls(), TMDB_API_KEY: 'secret-of-mine' }),
      'it should be 32 characters',
    ],
    ['where TMDb cannot be reached', () => ({ ...nowhere, ...tokenSetting }), 'ECONNREFUSED'],
  ])('%s', async (_, env, sentence) => {
    const { code, said } = await checkTmdb(env());
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(sentence) });
    for (const secret of ['secret', 'some.where.else', 'aaaa', defaultApiKey, '    at '])
      expect(said).not.toContain(secret);
  });

  test('with an option that it does not know; --help is answered', async () => {
    const unknown = await checkTmdb({ ...urls(), ...tokenSetting }, ['--key=secret']);
    expect(unknown).toEqual({ code: 2, said: expect.stringContaining('Only --help is understood') });
    expect(unknown.said).not.toContain('secret');
    expect(await checkTmdb({}, ['--help'])).toEqual({
      code: 0,
      said: expect.stringContaining('Usage: npm run check-tmdb'),
    });
  });
});

interface Exchange {
  request: { path: string; query: string };
  response: { status: number; json: Json };
}

const recordedFolder = join(
  process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../shared/data'),
  'recorded',
);
const isRecorded = existsSync(recordedFolder);
if (!isRecorded) process.stderr.write('No recorded exchanges with TMDb (NEXUS_REAL_DATA) to check.\n');

/** Answers of TMDb as they were recorded; the parts of a movie that were recorded one by one are put together. */
async function recordedTmdb(): Promise<AnswerRequest> {
  const files = [...new Glob('*.json').scanSync(recordedFolder)].sort();
  const exchanges: Exchange[] = await Promise.all(
    files.map((file) => Bun.file(join(recordedFolder, file)).json()),
  );
  const at = (path: string) => exchanges.filter(({ request }) => request.path === path);
  const part = (movie: string, name: string) =>
    at(`${movie}/${name}`).find(({ request }) => request.query === '')?.response.json;
  return ({ pathname }) => {
    if (pathname === '/3/authentication') return Response.json({ success: true, status_code: 1 });
    if (pathname.startsWith('/p/')) return new Response(null, { status: 403 });
    // The longest answer has the most appended parts.
    const found = at(pathname).sort(
      (a, b) => JSON.stringify(b.response).length - JSON.stringify(a.response).length,
    )[0];
    if (found === undefined) return refusal(404, 34);
    const { status, json } = found.response;
    const names = ['credits', 'keywords', 'recommendations', 'similar', 'release_dates', 'videos'];
    const parts = names.flatMap((name) => {
      const recorded = /^\/3\/movie\/\d+$/.test(pathname) && part(pathname, name);
      return recorded ? [[name, recorded]] : [];
    });
    return Response.json({ ...json, ...Object.fromEntries(parts) }, { status });
  };
}

test.skipIf(!isRecorded)(
  'what TMDb sent when it was recorded fits',
  async () => {
    const { code, said } = await checkStandIn(await recordedTmdb());
    // These were not recorded, and that they are not there is all that is wrong with them.
    expect(linesWith(said, 'DOES NOT FIT').map((line) => line.slice(14))).toEqual([
      'the genres',
      'trending today, page 1',
      'trending today, page 2',
      'a movie by its IMDb id',
      'the daily export, its first 500 lines',
    ]);
    expect(linesWith(said, 'expected ')).toEqual([]);
    // The recorded calls did not ask for these two parts.
    const notAsked = /^\/movie\/\{id\} {2}(translations|alternative_titles):/;
    expect(linesWith(said, 'is never there').filter((line) => !notAsked.test(line))).toEqual([]);
    for (const fits of ['trending this week', 'popular, page 1', 'search: ', 'movie 550', 'movie 47964'])
      expect(said).toContain(`fits          ${fits}`);
    expect(code).toBe(1);
  },
  60_000,
);
