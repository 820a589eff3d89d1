import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { createCallerThrottle } from './caller-throttle.ts';
import type { Limit } from './limit.ts';
import { memoryLimit } from './memory-limit.ts';
import type { LimitOptions } from './open-limits.ts';
import { openPlaceLimit, placeLimitsOf } from './place-limit.ts';
import { addressLimit, createRequestThrottle, requestLimit } from './request-throttle.ts';
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

describe('what the store keeps for somebody with many addresses', () => {
  /** Limits of a store, and the keys that it was told of. */
  const openStore = () => {
    const keys = new Set<string>();
    const open = (options: LimitOptions): Limit => {
      const kept = memoryLimit(options);
      const consume: Limit['consume'] = (key, points) => {
        keys.add(`${options.name} ${key}`);
        return kept.consume(key, points);
      };
      return { ...kept, consume };
    };
    return { keys, open };
  };
  const asManyAddresses = (n: number, ask: (address: string) => Promise<unknown>) =>
    Promise.allSettled(Array.from({ length: n }, (_, i) => ask(`2001:db8:9:${i.toString(16)}::1`)));

  test('is no row for each, when each asks for little', async () => {
    const { keys, open } = openStore();
    const throttle = createCallerThrottle({
      own: createRequestThrottle(open(requestLimit), Date.now),
      places: placeLimitsOf(addressLimit).map((each) => createRequestThrottle(open(each), Date.now)),
    });
    for (let times = 0; times < 10; times++)
      await asManyAddresses(1000, (address) => throttle.take(addressKey(address), address));
    expect([...keys].filter((key) => !/-(56|48) /.test(key))).toEqual([]);
    expect(keys.size).toBeGreaterThan(0);
  });

  test('is nothing more when their network is over its limit', async () => {
    const { keys, open } = openStore();
    const count = openPlaceLimit(open, { name: 'rare', points: 2, durationSeconds: 60 }, 'Too many.');
    await asManyAddresses(1000, count);
    const before = keys.size;
    const more = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, i) => count(`2001:db8:9:${(i + 1000).toString(16)}::1`)),
    );
    expect(more.every(({ status }) => status === 'rejected')).toBe(true);
    expect(before).toBeLessThan(20);
    expect(keys.size).toBe(before);
  });

  test('is not taken from the network by one address that asks on and on', async () => {
    const count = openPlaceLimit(
      memoryLimit,
      { name: 'shared', points: 2, durationSeconds: 60 },
      'Too many.',
    );
    for (let i = 0; i < 30; i++) await count('2001:db8:a:1::1').catch(() => {});
    await count('2001:db8:a:2::1');
    await count('2001:db8:a:100::1');
  });
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

describe('the wider limit of an address', () => {
  const limits = () => ({
    own: createRequestThrottle(limit(), Date.now),
    places: placeLimitsOf(addressLimit).map(({ points, durationSeconds }) =>
      createRequestThrottle(new RateLimiterMemory({ points, duration: durationSeconds }), Date.now),
    ),
  });
  const countLet = async (asked: Promise<void>[]) =>
    (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length;

  test('holds over all its users, however many there are', async () => {
    const throttle = createCallerThrottle(limits());
    const asked = Array.from({ length: 20 * 300 }, (_, i) => throttle.take(`user:${i % 20}`, 'address:a'));
    expect(await countLet(asked)).toBeWithin(3000, 3041);
    await throttle.take('user:another', 'address:b');
  });

  test('is not used up by whoever is over their own', async () => {
    const throttle = createCallerThrottle(limits());
    const flood = () => Array.from({ length: 5000 }, () => throttle.take('address:a', 'address:a'));
    expect(await countLet(flood())).toBe(300);
    expect(await countLet(Array.from({ length: 300 }, () => throttle.take('user:1', 'address:a')))).toBe(300);
  });

  test('is wider for the IPv6 networks around it, and bounds their holders, too', async () => {
    const throttle = createCallerThrottle(limits());
    const fromNetworks = (networks: number, of: (network: number) => string) =>
      countLet(
        Array.from({ length: networks * 300 }, (_, i) => {
          const address = of(i % networks);
          return throttle.take(addressKey(address), address);
        }),
      );
    // A lease on credit more, of each limit.
    expect(await fromNetworks(30, (n) => `2001:db8:1:${n.toString(16)}::1`)).toBeWithin(6000, 6041);
    expect(await fromNetworks(60, (n) => `2001:db8:2:${n.toString(16)}00::1`)).toBeWithin(15_000, 15_041);
    await throttle.take('user:another', '2001:db8:3::1');
  });

  test('holds at the gate', async () => {
    const request = api.anotherRequest({});
    const { headers } = await openAccount(api);
    await api.pool.query(
      `insert into rate_limits (key, points, expire) values ('nexus-address-requests:address:', 3000, $1)
        on conflict (key) do update set points = 3000, expire = $1`,
      [Date.now() + 60_000],
    );
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await request('/api/user/interactions', { headers })).status);
    await api.pool.query("delete from rate_limits where key = 'nexus-address-requests:address:'");
    // The first lease is on credit.
    expect(statuses.indexOf(429)).toBeWithin(0, 21);
    expect(statuses.at(-1)).toBe(429);
  });
});

test('whoever sends much is limited like one who asks often', async () => {
  const request = api.anotherRequest({});
  const { headers } = await openAccount(api);
  const send = async (body: string) =>
    (
      await request('/api/user/interactions', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      })
    ).status;
  const large = `"${'x'.repeat(1024 * 1024 - 2)}"`;
  const statuses: number[] = [];
  for (let i = 0; i < 30; i++) statuses.push(await send(large));
  // Of 300, each takes one for itself and 16 for its MiB.
  expect(statuses.filter((status) => status === 422).length).toBeWithin(15, 20);
  expect(statuses.at(-1)).toBe(429);
});
