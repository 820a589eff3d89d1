import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startSandbox } from '#sandbox/server.ts';
import { openService, type Service, testKey } from './support/service.ts';
import { until } from './support/until.ts';

/** More than trend, so that some are missing. */
const movies = 1200;
let service: Service;
const body = async (response: Response) => (await response.json()) as Record<string, Record<string, unknown>>;

beforeAll(async () => {
  service = await openService({ sandbox: { movies }, env: { RATE_LIMIT: 'off', ON_DEMAND_WAIT_MS: '4000' } });
  await service.sandbox.stop();
});
afterAll(() => service[Symbol.asyncDispose]());

describe('with TMDb switched off after the first sync', () => {
  test('every mirrored read answers 200 and says how old it is', async () => {
    const ids = (await service.rows("select tmdb_id from movies where state = 'detailed'")).map(
      (row) => row.tmdb_id,
    );
    expect(ids.length).toBeGreaterThan(100);
    for (const path of ['/api/genres', '/api/movies/trending', ...ids.map((id) => `/api/movies/${id}`)]) {
      const response = await service.get(path);
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      const { meta } = await body(response);
      expect(meta).toMatchObject({
        source: 'mirror',
        fetched_at: expect.any(String),
        age_seconds: expect.any(Number),
      });
    }
  });

  test('a stale read still answers at once', async () => {
    await service.database.pool.query(
      "update movies set fetched_at = now() - interval '10 days', refresh_due_at = null where tmdb_id = 550",
    );
    await service.database.pool.query('select pg_notify($1, $2)', [
      'nexus_notices',
      '{"kind":"movies","ids":[550]}',
    ]);
    await until(async () => (await body(await service.get('/api/movies/550'))).meta?.stale === true);
  });

  test('a missing movie is 503 with Retry-After, at the first ask and at every other', async () => {
    for (const id of [1_999_999_999, 1_999_999_998, 1_999_999_997, 1_999_999_996]) {
      const response = await service.get(`/api/movies/${id}`);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(await body(response)).toMatchObject({ status: 'error', code: 'upstream_unavailable' });
    }
  });

  test('a movie known from a list is served with what is known, as stale', async () => {
    await service.database.pool.query(
      `insert into movies (tmdb_id, title, overview, state, fetched_at)
       values (1999990001, 'Known from a List', 'What the list said.', 'listed', now())`,
    );
    const response = await service.get('/api/movies/1999990001');
    expect(response.status).toBe(200);
    const { data, meta } = await body(response);
    expect(meta?.stale).toBe(true);
    expect(data).toMatchObject({
      tmdb_id: 1_999_990_001,
      title: 'Known from a List',
      overview: 'What the list said.',
      runtime: null,
      cast: [],
      keywords: [],
    });
  });

  test('the service is ready all the same', async () => {
    expect((await service.get('/health/ready')).status).toBe(200);
  });

  test('the circuit opens, and once TMDb is back everything recovers by itself', async () => {
    await until(async () => (await service.rows('select circuit from upstream'))[0]?.circuit === 'open');
    const held = new Set(
      (await service.rows("select tmdb_id from movies where state <> 'unknown'")).map((row) => row.tmdb_id),
    );
    const { catalogue, port } = service.sandbox;
    const id = Array.from({ length: movies }, (_, position) => catalogue.idAt(position)).find(
      (one) => !held.has(one),
    );
    const back = await startSandbox({ port, movies, apiKeys: [testKey] });
    try {
      await until(async () => (await service.get(`/api/movies/${id}`)).status === 200, 60_000);
      expect(await service.rows('select circuit, reason from upstream')).toEqual([
        { circuit: 'closed', reason: null },
      ]);
    } finally {
      await back.stop();
    }
  });
});

describe('a key that TMDb refuses', () => {
  test('stops all work, says so, and is not tried again and again', async () => {
    await using other = await openService({
      env: { TMDB_ACCESS_TOKEN: 'not-the-key', RATE_LIMIT: 'off' },
      synced: false,
    });
    await until(async () => (await other.rows('select circuit from upstream'))[0]?.circuit === 'stopped');
    const { requests } = other.sandbox.stats();
    for (const id of [550, 551, 552]) {
      const response = await other.get(`/api/movies/${id}`);
      expect(response.status).toBe(503);
      expect(await body(response)).toMatchObject({ code: 'upstream_unavailable' });
    }
    expect(other.sandbox.stats().requests).toBe(requests);
    expect(requests).toBeLessThanOrEqual(3);
    const [upstream] = await other.rows('select reason from upstream');
    expect(String(upstream?.reason)).not.toContain('not-the-key');
  });
});
