import { describe, expect, test } from 'bun:test';
import { hasRedis, testRedis } from './support/redis.ts';
import { openService } from './support/service.ts';
import { until } from './support/until.ts';

describe.skipIf(!hasRedis)('with Redis switched off', () => {
  test('mirrored reads answer, missing ones are 503, and all goes on when it is back, empty', async () => {
    const redis = await testRedis();
    await using service = await openService({
      env: { REDIS_URL: redis.url, RATE_LIMIT: 'off' },
      sandbox: { movies: 1200 },
    });
    await redis[Symbol.asyncDispose]();

    expect((await service.get('/api/movies/550')).status).toBe(200);
    expect((await service.get('/api/movies/trending')).status).toBe(200);
    const held = new Set(
      (await service.rows("select tmdb_id from movies where state <> 'unknown'")).map((row) => row.tmdb_id),
    );
    const { catalogue } = service.sandbox;
    const id = Array.from({ length: 1200 }, (_, position) => catalogue.idAt(position)).find(
      (one) => !held.has(one),
    );
    const missing = await service.get(`/api/movies/${id}`);
    expect(missing.status).toBe(503);
    expect(await missing.json()).toMatchObject({ status: 'error', code: 'unavailable' });
    expect(missing.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await service.get('/health/ready')).status).toBe(503);

    await using _back = await testRedis(Number(new URL(redis.url).port));
    await until(async () => (await service.get(`/api/movies/${id}`)).status === 200, 60_000);
    expect((await service.get('/health/ready')).status).toBe(200);
  }, 120_000);
});
