import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import committed from '../../docs/openapi.json' with { type: 'json' };
import { tmdbNotice } from '../attribution/notice.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test('the page names its source and loads nothing from elsewhere', async () => {
  const answer = await api.get('/docs');
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toContain(tmdbNotice);
  const linked = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
  expect(linked.length).toBeGreaterThan(3);
  for (const url of linked.filter((it) => it.startsWith('/docs/')))
    expect((await api.get(url)).status).toBe(200);
  expect(linked.filter((it) => !it.startsWith('/'))).toEqual([]);
});

test('only the viewer itself is served, and nothing beside it', async () => {
  for (const name of ['..%2f..%2fpackage.json', 'index.html', 'constructor'])
    expect((await api.get(`/docs/assets/${name}`)).status).toBe(404);
});

test('the root leads to the page', async () => {
  const answer = await api.get('/');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
});

test('whatever belongs to the page may be kept for a while', async () => {
  for (const path of ['/', '/docs', '/docs/json', '/docs/assets/start.js'])
    expect((await api.get(path)).headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
  expect((await api.get('/docs/assets/none')).headers.get('cache-control')).toBe('no-store');
});

test('the description is made once, and every answer sends the same bytes', async () => {
  const written = spyOn(JSON, 'stringify');
  try {
    const asked = async (headers: Record<string, string> = {}) => {
      const answer = await api.get('/docs/json', headers);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
      return Bun.hash(await answer.bytes());
    };
    const [first, second] = [await asked(), await asked()];
    expect(second).toBe(first);
    const [packed, again] = [
      await asked({ 'accept-encoding': 'gzip' }),
      await asked({ 'accept-encoding': 'gzip' }),
    ];
    expect(again).toBe(packed);
    const long = written.mock.results.filter(({ value }) => String(value).length > 100_000);
    expect(long.length).toBeLessThan(2);
  } finally {
    written.mockRestore();
  }
});

test('the description has every route, with its parameters and its failures', async () => {
  const description = await (await api.get('/docs/json')).json();
  expect(description.openapi).toStartWith('3.');
  const routes = api.app.routes.filter(({ hooks }) => hooks.detail?.hide !== true);
  const served = ['/docs/json', ...routes.map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}'))];
  expect(Object.keys(description.paths).sort()).toEqual([...new Set(served)].sort());
  expect(Object.keys(description.paths).sort()).toEqual(Object.keys(committed.paths).sort());
  const trending = description.paths['/api/movies/trending'].get;
  expect(trending.parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100 }),
  });
  const detail = description.paths['/api/movies/{tmdb_movie_id}'].get;
  expect(detail.parameters[0].schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 2_147_483_647 });
  expect(Object.keys(detail.responses)).toEqual([
    '200',
    '202',
    '301',
    '304',
    '401',
    '404',
    '410',
    '422',
    '429',
    '500',
    '503',
  ]);
});

test('what is for administrators says so, and how it is answered', async () => {
  const { paths, components } = await (await api.get('/docs/json')).json();
  const { post } = paths['/api/admin/sync/{job}'];
  expect(post.security).toEqual([{ bearer: [] }]);
  expect(components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
  expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['202', '401', '403', '404', '409']));
  expect(post.responses).not.toHaveProperty('200');
  expect(post.requestBody.required).toBe(false);
  expect(post.parameters.map(({ name }: { name: string }) => name)).toEqual(['job', 'idempotency-key']);
});

test('every reference in the description leads somewhere', async () => {
  const text = await (await api.get('/docs/json')).text();
  const { components } = JSON.parse(text);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(components.schemas)).toContain(name ?? '');
});

test('the attribution carries the sentence and the links that TMDb asks for', async () => {
  const { data } = await (await api.get('/attribution')).json();
  expect(data.notice).toBe(tmdbNotice);
  expect(data.links.map((link: { rel: string }) => link.rel)).toEqual(['source', 'logo', 'terms']);
});
