import { afterAll, beforeAll, expect, test } from 'bun:test';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { createRequestThrottle, requestLimit } from './request-throttle.ts';
import { addressKey } from './throttle-key.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const limit = () =>
  new RateLimiterMemory({ points: requestLimit.points, duration: requestLimit.durationSeconds });

test('of 400 requests at once 300 are let through, and the others are told when to come back', async () => {
  const throttle = createRequestThrottle(limit(), Date.now);
  const results = await Promise.allSettled(Array.from({ length: 400 }, () => throttle.take('a')));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(100);
  expect(refused[0]?.reason).toMatchObject({ code: 'too_many_requests' });
  expect(refused[0]?.reason.retryAfterMs).toBeWithin(1, 30_001);
  await throttle.take('b');
});

test('whoever asks one by one has 300, too, and mostly without a wait', async () => {
  const throttle = createRequestThrottle(limit(), Date.now);
  let atOnce = 0;
  for (let i = 0; i < 300; i++)
    if (throttle.takeNow('a')) atOnce += 1;
    else await throttle.take('a');
  expect(atOnce).toBeGreaterThan(200);
  expect(throttle.takeNow('a')).toBe(false);
});

test('several processes together let through at most one lease more each', async () => {
  const shared = limit();
  const throttles = Array.from({ length: 4 }, () => createRequestThrottle(shared, Date.now));
  const results = await Promise.allSettled(
    Array.from({ length: 1000 }, (_, i) => throttles[i % 4]?.take('a')),
  );
  const granted = results.filter(({ status }) => status === 'fulfilled').length;
  expect(granted).toBeWithin(240, 381);
});

test('a window that is over is over', async () => {
  let nowMs = Date.now();
  const throttle = createRequestThrottle(new RateLimiterMemory({ points: 20, duration: 1 }), () => nowMs);
  for (let i = 0; i < 20; i++) await throttle.take('a');
  expect(throttle.take('a')).rejects.toThrow('Too many requests');
  await Bun.sleep(1100);
  nowMs += 1100;
  await throttle.take('a');
});

test('a user is counted by name, and what others do at the same address is not theirs', async () => {
  const { headers } = await openAccount(api);
  for (let i = 0; i < 310; i++) await api.get('/api/genres');
  const refused = await api.get('/api/genres');
  expect([refused.status, (await refused.json()).code]).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 31);
  expect((await api.get('/api/genres', headers)).status).toBe(503);
  expect((await api.get('/health/live')).status).toBe(200);
});

test.each([
  ['203.0.113.9', 'address:203.0.113.9'],
  ['2001:db8:0:1::1', 'address:2001:db8:0:1'],
  ['2001:db8:0:1:ffff:0:0:2', 'address:2001:db8:0:1'],
  ['2001:DB8::5', 'address:2001:db8:0:0'],
  ['::1', 'address:0:0:0:0'],
  ['64:ff9b::192.0.2.1', 'address:64:ff9b:0:0'],
  ['fe80::1%eth0', 'address:fe80:0:0:0'],
  ['', 'address:'],
])('the caller at %j is counted as %j', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
