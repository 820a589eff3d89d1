import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { createFaults, type FaultKind, faultKinds } from './faults.ts';
import type { Sandbox } from './sandbox.ts';
import { defaultApiKey, startSandbox } from './server.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ movies: 300 });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.misbehave([]);
  sandbox.resetStats();
});

const authorized = { authorization: `Bearer ${defaultApiKey}` };
const get = (path = '/movie/550?append_to_response=credits', init: BunFetchRequestInit = {}) =>
  fetch(sandbox.url + path, { headers: authorized, ...init });

async function seen(kind: FaultKind, path?: string) {
  sandbox.misbehave([{ kind, retryAfter: 7, delayMs: 60 }]);
  const answer = await get(path);
  const text = await answer.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {}
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    headers: answer.headers,
    text,
    json,
  };
}

/** How each kind looks from outside; a kind without a line here does not compile. */
const looks: Record<FaultKind, () => Promise<void>> = {
  slow: async () => {
    const start = performance.now();
    expect((await seen('slow')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(59);
  },
  'status-500': async () =>
    expect(await seen('status-500')).toMatchObject({ status: 500, json: { status_code: 11 } }),
  'status-503': async () =>
    expect(await seen('status-503')).toMatchObject({ status: 503, json: { status_code: 9 } }),
  'rate-limited': async () => {
    const answer = await seen('rate-limited');
    expect(answer).toMatchObject({ status: 429, json: { status_code: 25 } });
    expect(answer.headers.has('retry-after')).toBe(false);
  },
  'rate-limited-retry-after': async () => {
    const answer = await seen('rate-limited-retry-after');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
  },
  html: async () =>
    expect(await seen('html')).toMatchObject({ status: 502, type: 'text/html', json: undefined }),
  'html-200': async () => expect(await seen('html-200')).toMatchObject({ status: 200, type: 'text/html' }),
  truncated: async () => {
    const answer = await seen('truncated');
    expect(answer).toMatchObject({ status: 200, json: undefined });
    expect(answer.text).toStartWith('{"adult":false');
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.text)));
  },
  'truncated-gzip': async () => {
    sandbox.misbehave([{ kind: 'truncated-gzip' }]);
    const answer = await get(undefined, { decompress: false });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const bytes = await answer.arrayBuffer();
    expect(() => Bun.gunzipSync(bytes)).toThrow();
  },
  'gzip-without-header': async () => {
    sandbox.misbehave([{ kind: 'gzip-without-header' }]);
    const answer = await get();
    expect(answer.headers.has('content-encoding')).toBe(false);
    const text = new TextDecoder().decode(Bun.gunzipSync(await answer.arrayBuffer()));
    expect(JSON.parse(text)).toMatchObject({ id: 550 });
  },
  'wrong-shape': async () =>
    expect(await seen('wrong-shape')).toMatchObject({ status: 200, json: { id: 'five hundred' } }),
  'empty-list': async () =>
    expect(await seen('empty-list', '/movie/popular')).toMatchObject({
      json: { page: 1, results: [], total_results: 0 },
    }),
  'short-list': async () => {
    const { json } = await seen('short-list', '/movie/popular');
    expect((json as { results: unknown[] }).results).toHaveLength(3);
  },
  vanish: async () => expect(await seen('vanish')).toMatchObject({ status: 404, json: { status_code: 34 } }),
  'bad-key': async () =>
    expect(await seen('bad-key')).toMatchObject({ status: 401, json: { status_code: 7 } }),
  'suspended-key': async () =>
    expect(await seen('suspended-key')).toMatchObject({ status: 401, json: { status_code: 10 } }),
  'id-invalid': async () =>
    expect(await seen('id-invalid')).toMatchObject({ status: 500, json: { status_code: 44 } }),
  'entry-not-found-200': async () =>
    expect(await seen('entry-not-found-200')).toMatchObject({
      status: 200,
      json: { success: false, status_code: 21 },
    }),
  hang: async () => {
    sandbox.misbehave([{ kind: 'hang' }]);
    const hanging = get(undefined, { signal: AbortSignal.timeout(80) });
    expect(await hanging.then(String, (error: Error) => error.name)).toBe('TimeoutError');
  },
  reset: async () => {
    sandbox.misbehave([{ kind: 'reset' }]);
    expect(await get().then(String, (error: Error & { code?: string }) => error.code)).toBe('ECONNRESET');
  },
  huge: async () => {
    sandbox.misbehave([{ kind: 'huge' }]);
    const answer = await get();
    let bytes = 0;
    for await (const chunk of answer.body ?? []) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(32 * 1024 * 1024);
  },
};

test.each([...faultKinds])('%s is seen over HTTP, and ends when the rules are cleared', async (kind) => {
  await looks[kind]();
  sandbox.misbehave([]);
  expect(await (await get()).json()).toMatchObject({ id: 550, title: 'Fight Club' });
});

test('a rule applies as many times as it says', async () => {
  sandbox.misbehave([{ kind: 'status-500', times: 2 }]);
  const statuses = [await get(), await get(), await get()].map(({ status }) => status);
  expect(statuses).toEqual([500, 500, 200]);
});

test('a rule applies to the ids, templates and pieces of a path that it names', async () => {
  sandbox.misbehave([{ kind: 'vanish', match: '/movie/{id}', ids: [11] }]);
  expect((await get('/movie/11')).status).toBe(404);
  expect((await get('/movie/11/credits')).status).toBe(200);
  expect((await get('/movie/13')).status).toBe(200);
  sandbox.misbehave([{ kind: 'status-503', match: 'GET /trending/movie/day' }]);
  expect((await get('/trending/movie/day?page=2')).status).toBe(503);
  expect((await get('/trending/movie/week')).status).toBe(200);
  sandbox.misbehave([{ kind: 'status-503', match: 'page=3' }]);
  expect((await get('/movie/popular?page=3')).status).toBe(503);
  expect((await get('/movie/popular?page=2')).status).toBe(200);
});

test('the first rule that applies is taken, then the next', async () => {
  sandbox.misbehave([
    { kind: 'status-503', times: 1 },
    { kind: 'vanish', times: 1 },
  ]);
  expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([503, 404, 200]);
});

test('a probability is kept roughly, and the same way every time', () => {
  const subject = { template: '/movie/{id}', target: '/movie/1', movieId: 1 };
  const run = (seed: number) => {
    const faults = createFaults(seed);
    faults.set([{ kind: 'status-500', probability: 0.2 }]);
    return Array.from({ length: 2_000 }, () => faults.take(subject) !== undefined);
  };
  const hits = run(5).filter(Boolean).length;
  expect(hits).toBeGreaterThan(320);
  expect(hits).toBeLessThan(480);
  expect(run(5)).toEqual(run(5));
  expect(run(5)).not.toEqual(run(6));
});

test('faults count in the statistics as what they answered', async () => {
  sandbox.misbehave([{ kind: 'rate-limited', times: 1 }]);
  await get();
  await get();
  expect(sandbox.stats()).toMatchObject({ requests: 2, rejected429: 1, byStatus: { 200: 1, 429: 1 } });
});
