import { afterAll, beforeAll, expect, test } from 'bun:test';
import { hashOfKey, makeKey } from '#api/facade/keys/make-key.ts';
import { openService, type Service } from '#tests/support/service.ts';

/** Programs that ask TMDb for somebody, as they are: each is only told another address and a key. */
let service: Service;
let base: string;
const keyId = '0192f0c1-2b3c-7d4e-8f50-617283940a1c';
const key = makeKey(keyId);

beforeAll(async () => {
  service = await openService({ env: { TMDB_FACADE: 'keys' } });
  for (const job of ['lists', 'reference'] as const) await service.sync(job);
  await service.rows(
    'insert into facade_keys (id, name, api_key_hash, token_hash) values ($1, $2, $3, $4)',
    keyId,
    'programs',
    hashOfKey(key.api_key),
    hashOfKey(key.token),
  );
  base = `${service.url}/3`;
}, 120_000);
afterAll(() => service?.[Symbol.asyncDispose]());

type Json = Record<string, unknown>;
const plain = async (path: string): Promise<Json> => {
  const answer = await fetch(`${base}/${path}`, { headers: { authorization: `Bearer ${key.token}` } });
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return (await answer.json()) as Json;
};

interface Tool {
  isError?: boolean;
  structuredContent?: Json;
  content: { text: string }[];
}

/** A server that speaks JSON lines over its standard streams. */
function openMcp() {
  const server = Bun.spawn([process.execPath, Bun.resolveSync('tmdb-mcp', import.meta.dir)], {
    env: { ...process.env, TMDB_API_TOKEN: key.token, TMDB_BASE_URL: base, LOG_LEVEL: 'error' },
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const waiting = new Map<number, (result: unknown) => void>();
  const reading = (async () => {
    let rest = '';
    for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { id, result, error } = JSON.parse(line);
        waiting.get(id)?.(result ?? { isError: true, content: [{ text: error?.message }] });
      }
    }
  })();
  const send = (message: object) => {
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    server.stdin.flush();
  };
  let last = 0;
  const request = <T>(method: string, params: object): Promise<T> => {
    const id = ++last;
    const answered = new Promise<T>((resolve) => waiting.set(id, resolve as (result: unknown) => void));
    send({ id, method, params });
    return answered;
  };
  return {
    async open() {
      const clientInfo = { name: 'tests', version: '1' };
      await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      send({ method: 'notifications/initialized' });
    },
    tools: async () =>
      (await request<{ tools: { name: string }[] }>('tools/list', {})).tools.map(({ name }) => name),
    call: (name: string, asked: object) => request<Tool>('tools/call', { name, arguments: asked }),
    async [Symbol.asyncDispose]() {
      server.kill();
      await server.exited;
      await reading;
    },
  };
}

const idsOf = (json: unknown, list = 'results') =>
  ((json as Record<string, { id: number }[]>)[list] ?? []).map(({ id }) => id);

test('the MCP server tmdb-mcp, with all its tools of movies, people, searches and lists', async () => {
  await using mcp = openMcp();
  await mcp.open();
  const driven = new Set<string>();
  const call = async (name: string, asked: object): Promise<Json> => {
    driven.add(name);
    const answer = await mcp.call(name, asked);
    expect({
      name,
      isError: answer.isError === true,
      text: answer.isError ? answer.content[0]?.text : '',
    }).toEqual({ name, isError: false, text: '' });
    return answer.structuredContent ?? JSON.parse(answer.content[0]?.text ?? '');
  };
  const [company] = (await service.rows('select id, name from companies order by id limit 1')) as {
    id: number;
    name: string;
  }[];
  const [keyword] = (await service.rows('select id, name from keywords limit 1')) as {
    id: number;
    name: string;
  }[];
  const lists: [tool: string, asked: object, path: string][] = [
    ['search_movies', { query: 'matrix' }, 'search/movie?query=matrix'],
    ['search_multi', { query: 'matrix' }, 'search/multi?query=matrix'],
    ['search_people', { query: 'keanu' }, 'search/person?query=keanu'],
    ['search_keywords', { query: keyword?.name }, `search/keyword?query=${keyword?.name}`],
    ['search_companies', { query: company?.name }, `search/company?query=${company?.name}`],
    [
      'discover_movies',
      { with_genres: '28', min_rating: 5, sort_by: 'popularity.desc' },
      'discover/movie?with_genres=28&vote_average.gte=5',
    ],
    ['get_movie_recommendations', { id: 603 }, 'movie/603/recommendations'],
    ['get_similar', { media_type: 'movie', id: 603 }, 'movie/603/similar'],
    ['get_reviews', { media_type: 'movie', id: 603 }, 'movie/603/reviews'],
    ['get_trending', { media_type: 'movie', time_window: 'day' }, 'trending/movie/day'],
    ['get_trending', { media_type: 'person' }, 'trending/person/week'],
    ['get_trending', {}, 'trending/all/week'],
  ];
  for (const [tool, asked, path] of lists) {
    const expected = idsOf(await plain(path));
    const found = await call(tool, asked);
    // Of reviews it does not say the id.
    const got = tool === 'get_reviews' ? expected.slice(0, idsOf(found).length) : idsOf(found);
    // Of what is similar it shows the better known first.
    if (tool === 'get_similar') expect(expected).toEqual(expect.arrayContaining(got));
    else expect({ tool, got }).toEqual({ tool, got: expected.slice(0, got.length) });
    if (expected.length > 0) expect({ tool, shown: got.length > 0 }).toEqual({ tool, shown: true });
  }
  const [movie, person, collection] = await Promise.all(
    ['movie/603', 'person/6384', 'collection/2344'].map(plain),
  );
  expect(await call('get_movie', { id: 603 })).toMatchObject({
    id: 603,
    title: movie?.title,
    overview: movie?.overview,
  });
  expect(idsOf(await call('get_movies', { ids: [603, 604] }))).toEqual([603, 604]);
  expect(await call('get_person', { id: 6384 })).toMatchObject({ id: 6384, name: person?.name });
  expect(await call('get_collection', { id: 2344 })).toMatchObject({ id: 2344, name: collection?.name });
  expect(idsOf(await call('get_movie_credits', { id: 603 }), 'cast')).toContain(6384);
  expect(JSON.stringify(await call('get_person_credits', { id: 6384 }))).toContain('"id":603');
  expect(JSON.stringify(await call('get_movie_genres', {}))).toContain('"id":28');
  expect(JSON.stringify(await call('find_by_imdb_id', { imdb_id: movie?.imdb_id }))).toContain('"id":603');
  expect(JSON.stringify(await call('get_videos', { media_type: 'movie', id: 603 }))).toContain('youtube');
  const [provider] = (await plain('watch/providers/movie')).results as { provider_name: string }[];
  expect(
    JSON.stringify(
      await call('search_watch_providers', { query: provider?.provider_name, media_type: 'movie' }),
    ),
  ).toContain(provider?.provider_name as string);
  await call('get_watch_providers', { media_type: 'movie', id: 603 });
  // Series fail softly; ratings are of another service.
  const others = (await mcp.tools()).filter((name) => !driven.has(name));
  expect(others.filter((name) => !/_tv/.test(name))).toEqual(['get_ratings']);
  const series = await mcp.call('get_tv', { id: 1399 });
  expect([series.isError, series.content[0]?.text]).toEqual([true, 'No matching resource was found (404).']);
});

const hasTmdbsimple =
  Bun.which('python3') !== null && Bun.spawnSync(['python3', '-c', 'import tmdbsimple']).exitCode === 0;
if (!hasTmdbsimple) {
  const line = 'NO python3-tmdbsimple ON THIS MACHINE: THE PYTHON CLIENT IS NOT DRIVEN';
  if (process.env.REQUIRE_TMDBSIMPLE === '1')
    throw new Error(`${line}, and REQUIRE_TMDBSIMPLE=1 forbids that`);
  process.stderr.write(`\n*** ${line} ***\n\n`);
}

/** Each public method of these classes; those of series, accounts and users' lists are left out. */
const program = `
import inspect, json, sys
import tmdbsimple as tmdb
base, tmdb.API_KEY, ids = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
tmdb.base.TMDB._get_complete_url = lambda self, path: f'{base}/{path}'
objects = [tmdb.Movies(ids['movie']), tmdb.People(ids['person']), tmdb.Collections(ids['collection']),
  tmdb.Companies(ids['company']), tmdb.Keywords(ids['keyword']), tmdb.Search(), tmdb.Discover(), tmdb.Genres(),
  tmdb.Find(ids['imdb']), tmdb.Trending('movie', 'week'), tmdb.Configuration(), tmdb.Certifications(), tmdb.Changes()]
said = {}
for each in objects:
  for name, method in inspect.getmembers(each, inspect.ismethod):
    if name.startswith('_') or 'rating' in name or 'states' in name: continue
    asked = {'Search': {'query': 'the'}, 'Find': {'external_source': 'imdb_id'}}.get(type(each).__name__, {})
    try:
      found = method(**asked)
      said[f'{type(each).__name__}.{name}'] = 'answered' if found else 'empty'
    except Exception as error:
      said[f'{type(each).__name__}.{name}'] = str(getattr(getattr(error, 'response', None), 'status_code', error))
print(json.dumps(said))
`;

/** Series, users' lists, and what the page about compatibility names. */
const notServed =
  'Certifications.tv_list Changes.tv Companies.movies Discover.tv Genres.movies Genres.tv_list Movies.changes Movies.lists People.changes People.latest People.tagged_images People.tv_credits Search.tv'.split(
    ' ',
  );

test.skipIf(!hasTmdbsimple)('the Python client tmdbsimple, with all its methods', async () => {
  const [row] = await service.rows(
    'select (select imdb_id from movies where tmdb_id = 603) as imdb, (select min(keyword_id) from movie_keywords) as keyword, (select min(id) from companies) as company',
  );
  const ids = { movie: 603, person: 6384, collection: 2344, ...row };
  const python = Bun.spawn(['python3', '-c', program, base, key.api_key, JSON.stringify(ids)], {
    stderr: 'inherit',
  });
  const said = JSON.parse(await new Response(python.stdout).text()) as Record<string, string>;
  expect(Object.keys(said).length).toBeGreaterThan(60);
  const refused = Object.entries(said).filter(([, outcome]) => outcome !== 'answered');
  expect(Object.fromEntries(refused)).toEqual(Object.fromEntries(notServed.map((name) => [name, '404'])));
});
