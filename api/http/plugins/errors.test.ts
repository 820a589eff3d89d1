import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import pg from 'pg';
import { z } from 'zod';
import { sql } from '#shared/db/sql.ts';
import { NexusError } from '#shared/errors.ts';
import { createLog } from '#shared/log.ts';
import type { TestResponse } from '#tests/support/api/test-response.ts';
import { queryStore } from '../../store/query-store.ts';
import { createErrorAnswerer } from '../failures/error-answerer.ts';
import { errors } from './errors.ts';
import { requestIds } from './request-id.ts';

const logged: string[] = [];
const log = createLog({
  level: 'debug',
  name: 'test',
  destination: { write: (line) => void logged.push(line) },
});

const fail = (error: unknown) => () => {
  throw error;
};
const app = new Elysia({ systemRouter: false })
  .use(requestIds())
  .use(
    errors(
      createErrorAnswerer({ log, routes: (): readonly { method: string; path: string }[] => app.routes }),
    ),
  )
  .get('/ours', fail(new NexusError('movie_gone', 'TMDb has deleted this movie.')))
  .get('/bug', fail(new Error('select secret from users')))
  .get('/malformed', fail(new NexusError('upstream_malformed', 'status_code 7 at /3/movie')))
  .get('/busy', fail(new NexusError('unavailable', 'Busy.', { retryAfterMs: 2500 })))
  .get('/away', () => queryStore(new pg.Pool({ host: '127.0.0.1', port: 1 }), sql`select 1`))
  .get('/liar', () => ({ a: 'text' }) as unknown as { a: number }, { response: z.object({ a: z.number() }) })
  .get('/things/:id', () => 'thing')
  .post('/things/:id', ({ body }) => body, {
    body: z.object({ items: z.array(z.object({ id: z.number() })) }),
  });

const ask = (path: string, init: RequestInit = {}): Promise<TestResponse> =>
  app.handle(new Request(`http://nexus.test${path}`, init)) as Promise<TestResponse>;
const bodyOf = async (path: string, init: RequestInit = {}) => (await ask(path, init)).json();

test('a failure of ours has its status, and an envelope with nothing more in it', async () => {
  const answer = await ask('/ours', { headers: { 'x-request-id': 'my.request-1' } });
  expect(answer.status).toBe(410);
  expect(await answer.json()).toEqual({
    status: 'error',
    message: 'TMDb has deleted this movie.',
    code: 'movie_gone',
    request_id: 'my.request-1',
  });
  expect(answer.headers.get('x-request-id')).toBe('my.request-1');
  expect(answer.headers.get('content-type')).toContain('application/json');
});

test('an unforeseen failure says nothing about itself, except in the log', async () => {
  const answer = await ask('/bug');
  expect(answer.status).toBe(500);
  const body = await answer.text();
  expect(JSON.parse(body).code).toBe('internal_error');
  expect(body).not.toContain('secret');
  expect(logged.some((line) => line.includes('"level":"error"') && line.includes('select secret'))).toBe(
    true,
  );
});

test("what went wrong with TMDb is not the caller's to read", async () => {
  const answer = await ask('/malformed');
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  const body = await answer.text();
  expect(JSON.parse(body).code).toBe('upstream_unavailable');
  expect(body).not.toContain('status_code');
});

test('waiting times are whole seconds, rounded up', async () => {
  expect((await ask('/busy')).headers.get('retry-after')).toBe('3');
});

test('a database that is away is 503, with a time to come back', async () => {
  const answer = await ask('/away');
  expect([answer.status, (await answer.clone().json()).code]).toEqual([503, 'unavailable']);
  expect(answer.headers.get('retry-after')).toBe('5');
});

test('an answer that breaks its own schema is our bug', async () => {
  expect((await ask('/liar')).status).toBe(500);
});

test('an unknown route is 404, with an id of its own', async () => {
  const answer = await ask('/nothing', { headers: { 'x-request-id': 'two words' } });
  expect(answer.status).toBe(404);
  const body = await answer.json();
  expect(body.code).toBe('route_not_found');
  expect(body.request_id).toMatch(/^[A-Za-z0-9-]+$/);
  expect(answer.headers.get('x-request-id')).toBe(body.request_id);
});

test("a caller's sane id is kept, whatever made it, and no other", async () => {
  const idOf = async (given: string) =>
    (await ask('/things/1', { headers: { 'x-request-id': given } })).headers.get('x-request-id');
  for (const sane of [crypto.randomUUID(), 'Root=1-67891233-abcdef', 'a:b/c+d@e', 'x'.repeat(128)])
    expect(await idOf(sane)).toBe(sane);
  for (const odd of ['x'.repeat(129), 'a,b', '"a"', '<a>', 'h\u00e9', 'a\tb', ''])
    expect(await idOf(odd)).not.toBe(odd);
});

test('a wrong method is 405 and says which are right', async () => {
  const answer = await ask('/things/7', { method: 'DELETE' });
  expect([answer.status, (await answer.clone().json()).code]).toEqual([405, 'method_not_allowed']);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
});

test('OPTIONS tells the methods of a known route, and only of those', async () => {
  const answer = await ask('/things/7', { method: 'OPTIONS' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
  expect(answer.headers.get('x-request-id')).toBeString();
  expect((await ask('/nothing', { method: 'OPTIONS' })).status).toBe(404);
});

test('a bad body is told apart by its paths', async () => {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"items":[{"id":1},{"id":"x"}]}',
  };
  const body = await bodyOf('/things/7', init);
  expect(body.code).toBe('invalid_input');
  expect(body.details.map((detail: { path: string }) => detail.path)).toEqual(['items.1.id']);
});
