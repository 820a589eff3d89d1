import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { TestBody } from '#tests/support/api/test-response.ts';
import { openService, type Service } from '#tests/support/service.ts';
import description from '../docs/openapi.json' with { type: 'json' };

/** As `npm start` comes up where nothing is set: with the built-in sandbox. */
let service: Service;
beforeAll(async () => {
  service = await openService({ env: { TMDB_ACCESS_TOKEN: '', SANDBOX_MOVIES: '200' }, synced: true });
}, 120_000);
afterAll(() => service[Symbol.asyncDispose]());

/** What is there in the end: a movie or a person is fetched first. */
async function settled(path: string): Promise<Response> {
  for (let turn = 0; turn < 40; turn++) {
    const answer = await service.get(path);
    if (answer.status !== 202) return answer;
    await Bun.sleep(250);
  }
  return service.get(path);
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: { example?: unknown };
}
interface Operation {
  security?: object[];
  parameters?: Parameter[];
}
const paths = Object.entries(description.paths as unknown as Record<string, { get?: Operation }>);

test('every path that anybody may read is answered with the examples of its parameters', async () => {
  const open = paths.filter(([, { get }]) => {
    const isOpen =
      get?.security?.length === 0 || get?.security?.some((each) => Object.keys(each).length === 0);
    return get !== undefined && isOpen;
  });
  const asked = open.map(([path, { get }]) =>
    (get?.parameters ?? [])
      .filter((each) => each.in === 'path')
      .reduce((whole, { name, schema }) => whole.replace(`{${name}}`, String(schema.example)), path),
  );
  expect(asked).toContain('/api/movies/550');
  expect(asked).toContain('/api/people/819');
  expect(asked.length).toBeGreaterThan(15);
  for (const path of asked)
    expect({ path, status: (await settled(path)).status }).toEqual({ path, status: 200 });
}, 60_000);

test('the movie, the people and the collection of the examples exist', async () => {
  const ids = { movies: new Set<number>(), people: new Set<number>(), collections: new Set<number>() };
  const walk = (value: unknown, key = ''): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, key);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const { id, tmdb_id: tmdbId } = value as TestBody;
    if (typeof tmdbId === 'number' && 'title' in value) ids.movies.add(tmdbId);
    if (typeof id === 'number' && /^(cast|crew|directors|actors)$/.test(key)) ids.people.add(id);
    if (typeof id === 'number' && key === 'collection') ids.collections.add(id);
    for (const [name, each] of Object.entries(value)) walk(each, name);
  };
  walk(Object.fromEntries(paths.filter(([path]) => !path.startsWith('/api/admin/'))));
  walk(description.components);
  expect([...ids.movies]).toEqual([900001]);
  expect(ids.people.size).toBeGreaterThanOrEqual(2);
  expect(ids.collections.size).toBe(1);
  for (const [kind, all] of Object.entries(ids))
    for (const id of all) {
      const path = `/api/${kind}/${id}`;
      expect({ path, status: (await settled(path)).status }).toEqual({ path, status: 200 });
    }
}, 60_000);

test('it looks as in the example, and every picture of it is here', async () => {
  const { data } = (await (await settled('/api/movies/900001?region=DE&language=de-DE')).json()) as TestBody;
  expect(data).toMatchObject({
    title: 'Die Tochter des Leuchtturmwärters',
    original_title: 'La hija del farero',
    imdb_id: 'tt9900001',
    keywords: expect.arrayContaining([{ id: 700241, name: 'lighthouse' }]),
  });
  expect(data.providers.flatrate.length).toBeGreaterThan(0);
  expect(data.videos.length).toBeGreaterThan(0);
  const urls: string[] = [
    data.poster_url,
    data.backdrop_url,
    ...Object.values(data.images.poster),
    data.cast[0].profile_url,
  ];
  const logo = `${service.url}/t/p/w92${data.providers.flatrate[0].logo_path}`;
  for (const url of [...urls, logo]) {
    expect(url).toStartWith(service.url);
    const answer = await fetch(url);
    expect({ url, status: answer.status, type: answer.headers.get('content-type') }).toEqual({
      url,
      status: 200,
      type: 'image/svg+xml;charset=utf-8',
    });
  }
}, 60_000);

test('famous films say what they are about in words of their own, in four languages', async () => {
  const said = new Set<string>();
  for (const id of [550, 13, 603, 238, 129])
    for (const language of ['en-US', 'de-DE', 'fr-FR', 'es-ES']) {
      const { data, meta } = (await (
        await settled(`/api/movies/${id}?language=${language}`)
      ).json()) as TestBody;
      expect({ id, overview: meta.language.overview }).toEqual({ id, overview: language });
      expect(data.overview).not.toMatch(/^(Ein Film|Un film|Una película) /);
      said.add(data.overview);
    }
  expect(said.size).toBe(20);
}, 60_000);
