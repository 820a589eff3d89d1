import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { makePasswordsCheap } from '#tests/support/cheap-passwords.ts';
import { until } from '#tests/support/until.ts';
import type { Limit } from '../http/throttles/limit.ts';
import { memoryLimit } from '../http/throttles/memory-limit.ts';
import { serve } from '../serve.ts';
import { createLoginThrottles } from './login-throttles.ts';
import { hashOf } from './session-store.ts';

const password = 'correct horse';
const owner = 'owner@example.org';
let api: TestApi;
let stack: AsyncDisposableStack;
/** Two api processes over one database, behind a proxy that vouches for addresses. */
let urls: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const config = { trustProxy: ['127.0.0.0/8'] };
  api = stack.use(await openTestApi({ config }));
  urls = [api.app, api.anotherApp({ config })].map(
    (app) => stack.use(serve(app, { host: '127.0.0.1', port: 0, graceMs: 500 })).url,
  );
});
afterEach(() => stack.disposeAsync());

let turn = 0;
async function post(path: string, body: object, address: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${urls[turn++ % urls.length]}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body: JSON.stringify(body),
  });
  await answer.body?.cancel();
  return answer;
}
const statusOf = async (answer: Promise<Response>) => (await answer).status;
const login = (email: string, given: string, address: string) =>
  statusOf(post('login', { email, password: given }, address));
const register = (email: string, address: string) =>
  statusOf(post('register', { name: 'Ada', email, password }, address));
const times = (n: number, run: (i: number) => Promise<number>) =>
  Promise.all(Array.from({ length: n }, (_, i) => run(i)));
const count = (statuses: number[], status: number) => statuses.filter((it) => it === status).length;

test('a right password that the database is too late for does not count as a wrong one', async () => {
  await register(owner, '10.0.0.9');
  const client = await api.pool.connect();
  try {
    await client.query('begin');
    await client.query('select 1 from users where email = $1 for update', [owner]);
    expect(count(await times(10, () => login(owner, password, '10.0.0.1')), 503)).toBe(10);
    await client.query('commit');
  } finally {
    client.release();
  }
  // Those who came too late may have shut the way to the database for a moment: 503 says nothing about the password.
  let status = 503;
  await until(async () => {
    status = await login(owner, password, '10.0.0.1');
    return status !== 503;
  }, 120_000);
  expect(status).toBe(200);
}, 80_000);

describe('throttles hold across processes', () => {
  makePasswordsCheap();

  test('ten failed logins at an account from an address, also at the same moment; then 429, and when to come back', async () => {
    await register(owner, '10.0.0.9');
    const statuses = await times(25, () => login(owner, 'wrong horse', '10.0.0.1'));
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 15]);
    const refused = await post('login', { email: owner, password }, '10.0.0.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 901);
  });

  test('who knows an email cannot lock its owner out', async () => {
    await register(owner, '10.0.0.9');
    await times(12, () => login(owner, 'wrong horse', '10.0.0.1'));
    expect(await login(owner, password, '10.0.0.1')).toBe(429);
    expect(await login(owner, password, '10.0.0.2')).toBe(200);
  });

  test('a success starts the count anew, and none of the owner’s other requests are touched', async () => {
    await register(owner, '10.0.0.9');
    const signedIn = await fetch(`${urls[0]}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1' },
      body: JSON.stringify({ email: owner, password }),
    });
    const { data } = (await signedIn.json()) as { data: { access_token: string; refresh_token: string } };
    await times(9, () => login(owner, 'wrong horse', '10.0.0.1'));
    expect(await login(owner, password, '10.0.0.1')).toBe(200);
    await times(9, () => login(owner, 'wrong horse', '10.0.0.1'));
    expect(await login(owner, password, '10.0.0.1')).toBe(200);
    await times(12, () => login(owner, 'wrong horse', '10.0.0.1'));
    expect(await statusOf(post('refresh', { refresh_token: data.refresh_token }, '10.0.0.1'))).toBe(200);
  });

  test('whoever guesses beside the owner keeps no valid token from changing the password or leaving', async () => {
    await register(owner, '10.0.0.9');
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1' };
    const signedIn = await fetch(`${urls[0]}/api/auth/login`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ email: owner, password }),
    });
    const { data } = (await signedIn.json()) as { data: { access_token: string } };
    await times(12, () => login(owner, 'wrong horse', '10.0.0.1'));
    const ask = (method: string, body: object) =>
      fetch(`${urls[1]}/api/user/profile`, {
        method,
        headers: { ...headers, authorization: `Bearer ${data.access_token}` },
        body: JSON.stringify(body),
      }).then(({ status }) => status);
    expect(await ask('PATCH', { password: { current: password, next: 'battery staple' } })).toBe(200);
    expect(await ask('DELETE', { password: 'battery staple' })).toBe(204);
  });

  test('a hundred failed logins from an address, at whatever accounts', async () => {
    const statuses: number[] = [];
    // In parts, so that the lane of the hashes has room.
    for (let part = 0; part < 6; part++)
      statuses.push(
        ...(await times(20, (i) => login(`guess${part}-${i}@example.org`, 'guessed', '10.0.0.1'))),
      );
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([100, 20]);
    expect(await login('other@example.org', 'guessed', '10.0.0.2')).toBe(401);
  });

  test('twenty registrations an hour from an address', async () => {
    const statuses = await times(24, (i) => register(`new${i}@example.org`, '10.0.0.1'));
    expect([count(statuses, 201), count(statuses, 429)]).toEqual([20, 4]);
    expect(await register('more@example.org', '10.0.0.2')).toBe(201);
  });

  test('forty registrations an hour from a /56 of IPv6, and a hundred from a /48', async () => {
    // Without the cost of a password for each: they count before the email is looked at.
    await register('taken@example.org', '10.0.0.9');
    const limits = {
      'registrations-56': 'network-56:2001:db8:1:0',
      'registrations-48': 'network-48:2001:db8:2',
    };
    const used = (name: keyof typeof limits, points: number) =>
      api.pool.query('insert into rate_limits (key, points, expire) values ($1, $2, $3)', [
        `nexus-${name}:${limits[name]}`,
        points,
        Date.now() + 3_600_000,
      ]);
    await used('registrations-56', 38);
    await used('registrations-48', 98);
    for (const [network, within] of [
      ['2001:db8:1:', (i: number) => i.toString(16)],
      ['2001:db8:2:', (i: number) => `${i.toString(16)}00`],
    ] as const) {
      const statuses = await times(4, (i) =>
        register(`of${i}${network[9]}@example.org`, `${network}${within(i)}::1`),
      );
      expect([network, count(statuses, 201), count(statuses, 429)]).toEqual([network, 2, 2]);
    }
    expect(await register('far@example.org', '2001:db8:3::1')).toBe(201);
  });

  test('fifty at an account over all addresses; then only networks that its owner has signed in from go on', async () => {
    await register(owner, '198.51.100.9');
    expect(await login(owner, password, '2001:db8:7:1::1')).toBe(200);
    const statuses: number[] = [];
    for (let part = 0; part < 6; part++)
      statuses.push(...(await times(10, (i) => login(owner, 'wrong horse', `10.${part}.${i}.1`))));
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([50, 10]);
    // Also with the right password, so that nobody learns that it is.
    expect(await login(owner, password, '10.9.9.9')).toBe(429);
    expect(await login(owner, password, '198.51.100.77')).toBe(200);
    expect(await login(owner, password, '2001:db8:7:ffff::2')).toBe(200);
    expect(await login(owner, password, '2001:db8:8::2')).toBe(429);
    // From there, too, the limits of an address hold.
    const near = await times(12, () => login(owner, 'wrong horse', '198.51.100.78'));
    expect([count(near, 401), count(near, 429)]).toEqual([10, 2]);
    // An account that nobody has answers the same.
    const nobody: number[] = [];
    for (let part = 0; part < 6; part++)
      nobody.push(
        ...(await times(10, (i) => login('nobody@example.org', 'wrong horse', `10.${part}.${i}.2`))),
      );
    expect([count(nobody, 401), count(nobody, 429)]).toEqual([50, 10]);
  }, 60_000);

  test('a network that a link for a new password was used from goes on, too', async () => {
    await register(owner, '198.51.100.9');
    const full = [`nexus-login-account:${hashOf(owner).toString('base64url')}`, 60, Date.now() + 900_000];
    await api.pool.query('insert into rate_limits (key, points, expire) values ($1, $2, $3)', full);
    const link = async (token: string) => {
      await api.pool.query(
        `insert into password_resets (token_hash, user_id, created_at, expires_at)
          select $1, id, now(), now() + interval '1 hour' from users where email = $2`,
        [hashOf(token), owner],
      );
      return token;
    };
    expect(await login(owner, password, '10.1.0.1')).toBe(429);
    const next = 'battery staple';
    const token = await link('a'.repeat(43));
    expect(await statusOf(post('reset', { token, password: next }, '10.1.0.1'))).toBe(204);
    expect(await login(owner, next, '10.1.0.2')).toBe(200);
    expect(await login(owner, next, '10.2.0.1')).toBe(429);
    const onPage = await fetch(`${urls[0]}/reset-password`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': '10.2.0.1',
      },
      body: new URLSearchParams({ token: await link('b'.repeat(43)), password }).toString(),
    });
    expect(onPage.status).toBe(200);
    expect(await login(owner, password, '10.2.0.1')).toBe(200);
  });

  test('an account keeps its most recent networks, and they go with it', async () => {
    await register(owner, '10.0.0.9');
    for (let i = 0; i < 25; i++) await login(owner, password, `10.1.${i}.1`);
    const { rows } = await api.pool.query('select network from login_networks order by last_at');
    expect(rows.map(({ network }) => network)).toEqual(
      Array.from({ length: 20 }, (_, i) => `10.1.${i + 5}.0/24`),
    );
    await api.pool.query('delete from users');
    expect((await api.pool.query('select 1 from login_networks')).rowCount).toBe(0);
  }, 60_000);

  test('an IPv6 network of 64 bits is one address', async () => {
    await register(owner, '10.0.0.9');
    const statuses = await times(20, (i) => login(owner, 'wrong horse', `2001:db8:0:1::${i + 1}`));
    expect(count(statuses, 429)).toBe(10);
    expect(await login(owner, password, '2001:db8:0:2::1')).toBe(200);
  });
});

test('of IPv6, ten from 64 bits, a hundred from 56 and three hundred from 48, at whatever accounts', async () => {
  const throttles = createLoginThrottles({
    limitOf: ({ name, points, durationSeconds: duration }) =>
      new RateLimiterMemory({ keyPrefix: name, points, duration }),
    known: async () => '192.0.2.0/24',
  });
  let guesses = 0;
  const guess = async (n: number, addressOf: (i: number) => string) => {
    const begun = Array.from({ length: n }, (_, i) =>
      throttles.beginLogin(`guess${++guesses}@example.org`, addressOf(i)),
    );
    return (await Promise.allSettled(begun)).filter(({ status }) => status === 'fulfilled').length;
  };
  expect(await guess(15, (i) => `2001:db8:1:1::${i + 1}`)).toBe(10);
  expect(await guess(110, (i) => `2001:db8:2:${(i % 16).toString(16)}::1`)).toBe(100);
  // Each from another network of 56 bits, and of 64.
  expect(await guess(310, (i) => `2001:db8:3:${((i % 200) * 256).toString(16)}::1`)).toBe(300);
  expect(await guess(10, (i) => `2001:0DB8:4:${i}:0:0:0:1`)).toBe(10);
  expect(await guess(110, () => '192.0.2.1')).toBe(100);
  // What did not fail is given back, at every level.
  const address = '2001:db8:5:1::1';
  for (let i = 0; i < 20; i++) {
    await throttles.beginLogin(`owner${i}@example.org`, address);
    await throttles.forgiveLogin(
      `owner${i}@example.org`,
      address,
      i % 2 === 0 ? 'signed in' : 'not looked at',
    );
  }
});

test('whoever makes up emails beyond that makes nothing be kept of them', async () => {
  const keys = new Set<string>();
  const throttles = createLoginThrottles({
    limitOf(options) {
      const kept = memoryLimit(options);
      const consume: Limit['consume'] = (key, points) => {
        keys.add(`${options.name} ${key}`);
        return kept.consume(key, points);
      };
      return { ...kept, consume };
    },
    known: async () => undefined,
  });
  let made = 0;
  const guess = (n: number, addressOf: (i: number) => string) =>
    Promise.allSettled(
      Array.from({ length: n }, () =>
        throttles.beginLogin(`made-up-${++made}@example.org`, addressOf((made * 61) % 65_536)),
      ),
    );
  for (const addressOf of [() => '10.0.0.1', (i: number) => `2001:db8:1:${i.toString(16)}::1`]) {
    await guess(320, addressOf);
    const before = keys.size;
    const more = await guess(200, addressOf);
    expect(more.every(({ status }) => status === 'rejected')).toBe(true);
    expect(keys.size).toBe(before);
  }
});

test('who is over the limit at one account uses nothing of those at the address', async () => {
  const throttles = createLoginThrottles({ limitOf: memoryLimit, known: async () => undefined });
  const guess = (email: string, address: string) => throttles.beginLogin(email, address);
  for (const address of ['10.0.0.1', '2001:db8:1::1']) {
    for (let i = 0; i < 200; i++) await guess(owner, address).catch(() => {});
    await guess('neighbour@example.org', address.replace('::1', ':1::2'));
  }
});

test('a forged X-Forwarded-For changes nothing where no proxy is trusted', async () => {
  const { url } = stack.use(
    serve(api.anotherApp({ config: { trustProxy: [] } }), { host: '127.0.0.1', port: 0, graceMs: 500 }),
  );
  urls = [url];
  await register(owner, '10.0.0.9');
  const statuses = await times(20, (i) => login(owner, 'wrong horse', `10.0.0.${i}`));
  expect([count(statuses, 401), count(statuses, 429)]).toEqual([10, 10]);
});

test('whoever floods the lane of the hashes takes no place from others', async () => {
  const flood = Promise.all(
    Array.from({ length: 4 }, (_, address) =>
      times(40, (i) => login(`flood${address}-${i}@example.org`, 'guessed', `10.0.1.${address}`)),
    ),
  );
  const others: number[] = [];
  for (let i = 0; i < 7; i++) others.push(await login(`calm-${i}@example.org`, 'guessed', '10.0.2.1'));
  expect(others).toEqual(Array(7).fill(401));
  expect((await flood).flat().filter((status) => status === 503).length).toBeGreaterThan(20);
});
