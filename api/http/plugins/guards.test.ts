import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { request as httpRequest } from 'node:http';
import { type AnyElysia, Elysia } from 'elysia';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { createLog } from '#shared/log.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi, testSecret } from '#tests/support/api/api-fixture.ts';
import { createAccessTokens } from '../../auth/access-tokens.ts';
import { createVerifyToken } from '../../auth/verify-token.ts';
import { type Admission, createAdmission } from '../callers/admission.ts';
import { type GuardedRoute, type Need, needsOf, requireGuards } from '../callers/route-needs.ts';
import { createErrorAnswerer } from '../failures/error-answerer.ts';
import { createRequestThrottle, type RequestThrottle } from '../throttles/request-throttle.ts';
import { bodies } from './body.ts';
import { errors } from './errors.ts';
import { adminOnly, anybody, consoleOnly, optionalViewer, signedIn, ungated } from './guards.ts';

const guards: Record<Need, (admission: Admission) => AnyElysia> = {
  nothing: anybody,
  optional: optionalViewer,
  user: signedIn,
  admin: adminOnly,
  console: consoleOnly,
};
const needs = Object.keys(guards) as Need[];

const callers = [
  'a visitor',
  'a nonsense token',
  'another scheme',
  'a user',
  'an administrator',
  'a user’s console',
  'an administrator’s console',
  'an administrator’s console, from another site',
  'an administrator with both',
] as const;
type Caller = (typeof callers)[number];

let api: TestApi;
let headersOf: Record<Caller, Record<string, string>>;
let nameOf: Partial<Record<Caller, string>>;
beforeAll(async () => {
  api = await openTestApi();
  const user = await openAccount(api);
  const admin = await openAccount(api, { role: 'admin' });
  headersOf = {
    'a visitor': {},
    'a nonsense token': { authorization: 'Bearer x.y.z' },
    'another scheme': { authorization: 'Basic eDp5' },
    'a user': user.headers,
    'an administrator': admin.headers,
    'a user’s console': user.console,
    'an administrator’s console': admin.console,
    'an administrator’s console, from another site': { ...admin.console, 'sec-fetch-site': 'cross-site' },
    'an administrator with both': { ...admin.headers, ...admin.console },
  };
  nameOf = { 'a user': user.userId, 'an administrator': admin.userId };
});
afterAll(() => api[Symbol.asyncDispose]());

/** Whom a need turns away, and how; everybody else may go on. */
const refused: Record<Need, Partial<Record<Caller, 401 | 403>>> = {
  nothing: {},
  optional: { 'a nonsense token': 401, 'another scheme': 401 },
  user: {
    'a visitor': 401,
    'a nonsense token': 401,
    'another scheme': 401,
    'a user’s console': 401,
    'an administrator’s console': 401,
    'an administrator’s console, from another site': 401,
  },
  admin: {
    'a visitor': 401,
    'a nonsense token': 401,
    'another scheme': 401,
    'a user': 403,
    'a user’s console': 401,
    'an administrator’s console': 401,
    'an administrator’s console, from another site': 401,
  },
  console: {
    'a visitor': 401,
    'a nonsense token': 401,
    'another scheme': 401,
    'a user': 401,
    'an administrator': 401,
    'a user’s console': 403,
    'an administrator’s console, from another site': 403,
  },
};
const refusalOf = (asked: Need[], caller: Caller, method: string): 401 | 403 | undefined =>
  asked
    .map((need) => {
      const isRead = method === 'GET' || method === 'HEAD';
      const http = refused[need][caller];
      return isRead && caller === 'an administrator’s console, from another site' && need === 'console'
        ? undefined
        : http;
    })
    .find((http) => http !== undefined);

function admissionOf(throttle?: RequestThrottle): Admission {
  const verifyOf = (kind?: 'console') => {
    const signing = { secret: testSecret, previousSecret: undefined, now: Date.now };
    const tokens = createAccessTokens({ ...signing, ...(kind === undefined ? {} : { kind }) });
    return createVerifyToken({ pool: api.pool, tokens, needsTotp: false, now: Date.now });
  };
  const [verify, verifyConsole] = [verifyOf(), verifyOf('console')];
  return createAdmission({
    verify,
    verifyConsole,
    throttle,
    addressOf: () => '192.0.2.1',
    isSecure: () => false,
  });
}

function appOf(...parts: AnyElysia[]): Elysia {
  const log = createLog({ level: 'silent', name: 'test' });
  const app = new Elysia({ systemRouter: false });
  const routes = (): readonly GuardedRoute[] => app.routes;
  app.use(errors(createErrorAnswerer({ log, routes })));
  for (const part of parts) app.use(part);
  return app;
}

const answer = (context: object) => ({
  name: (context as { viewer?: { userId: string } }).viewer?.userId ?? 'nobody',
});
const input = { query: z.object({ page: z.coerce.number().optional() }) };
const withBody = { ...input, body: z.object({ a: z.number() }) };

/** Ways to put a guard (and whatever else is in `before`) in front of a route, and where the route then is. */
const shapes: Record<string, { at: string; build: (before: AnyElysia[]) => AnyElysia }> = {
  'an address that says nothing': {
    at: 'POST /api/moderation',
    build: (before) => new Elysia().use(before).post('/api/moderation', answer, withBody),
  },
  'a parameter': {
    at: 'PUT /x/none',
    build: (before) =>
      new Elysia().use(before).put('/x/:id', answer, { ...withBody, params: z.object({ id: z.string() }) }),
  },
  'where sign-ins are': {
    at: 'DELETE /api/auth/odd',
    build: (before) => new Elysia().use(before).delete('/api/auth/odd', answer, withBody),
  },
  'where the console is': {
    at: 'POST /admin/sign-in',
    build: (before) => new Elysia().use(before).post('/admin/sign-in', answer, withBody),
  },
  'like the console': {
    at: 'PATCH /admin-like',
    build: (before) => new Elysia().use(before).patch('/admin-like', answer, withBody),
  },
  'a wildcard': {
    at: 'POST /files/a/b',
    build: (before) => new Elysia().use(before).post('/files/*', answer, withBody),
  },
  'any method': {
    at: 'OPTIONS /any/thing',
    build: (before) => new Elysia().use(before).all('/any/*', answer, withBody),
  },
  'a method of its own': {
    at: 'PURGE /cache',
    build: (before) => new Elysia().use(before).route('PURGE', '/cache', answer, withBody),
  },
  'a read': {
    at: 'GET /api/user/odd',
    build: (before) => new Elysia().use(before).get('/api/user/odd', answer, input),
  },
  'a HEAD of a read': {
    at: 'HEAD /api/user/odd-too/1',
    build: (before) => new Elysia().use(before).get('/api/user/odd-too/:id', answer, input),
  },
  'a part with a name and a prefix': {
    at: 'POST /api/genres/odd',
    build: (before) =>
      new Elysia({ name: 'odd', prefix: '/api/genres' }).use(before).post('/odd', answer, withBody),
  },
  'a part of a part': {
    at: 'POST /nested',
    build: (before) =>
      new Elysia()
        .use(before)
        .use(new Elysia({ name: 'inner' }).use(new Elysia().post('/nested', answer, withBody))),
  },
  'a group of a guarded part': {
    at: 'POST /outer/in',
    build: (before) =>
      new Elysia().use(before).group('/outer', (group) => group.post('/in', answer, withBody)),
  },
  'a nested guard() block': {
    at: 'POST /block',
    build: (before) => new Elysia().guard({}, (block) => block.use(before).post('/block', answer, withBody)),
  },
  'a group with the guard in it': {
    at: 'POST /group/in',
    build: (before) =>
      new Elysia().group('/group', (group) =>
        group.use(before).post('/in', answer, withBody).post('/other/in', answer, input),
      ),
  },
};

interface BadInput {
  type: string;
  body: string | Uint8Array<ArrayBuffer>;
}
const badInputs: BadInput[] = [
  { type: 'text/nonsense', body: '{' },
  { type: 'application/json', body: '{' },
  { type: 'application/json', body: '{"a":"none"}' },
  { type: 'application/json', body: new Uint8Array(1024 * 1024 + 1) },
];

async function send(app: Elysia, at: string, caller: Caller, bad?: BadInput) {
  const [method = '', path = ''] = at.split(' ');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const { type, body } = bad ?? { type: 'application/json', body: '{"a":1}' };
  const query = bad === undefined ? '' : '?page=none';
  const sent = await app.handle(
    new Request(`http://nexus.test${path}${query}`, {
      method,
      headers: {
        accept: 'application/json',
        ...headersOf[caller],
        ...(hasBody ? { 'content-type': type } : {}),
      },
      ...(hasBody ? { body } : {}),
    }),
  );
  const said = method === 'HEAD' ? {} : ((await sent.json()) as { name?: string });
  return { http: sent.status, name: said.name };
}

/**
 * Goes through all callers, and compares with what they should be told.
 * @param unread what those who are let in are told of a body of no known type
 */
async function walk(app: Elysia, at: string, asked: Need[], unread = 415) {
  const [method = ''] = at.split(' ');
  for (const caller of callers) {
    const refusal = refusalOf(asked, caller, method);
    const { http, name } = await send(app, at, caller);
    expect({ at, caller, http }).toEqual({ at, caller, http: refusal ?? 200 });
    const isKnown = asked.some((need) => need !== 'nothing' && need !== 'console');
    if (isKnown && refusal === undefined && method !== 'HEAD' && caller in nameOf)
      expect({ at, caller, name }).toEqual({ at, caller, name: nameOf[caller] });
    // Only who may be here is told what is wrong with what they sent.
    for (const bad of refusal === undefined ? badInputs.slice(0, 1) : badInputs) {
      const { http } = await send(app, at, caller, bad);
      const expected = refusal ?? (method === 'GET' || method === 'HEAD' ? 422 : unread);
      expect({ at, caller, bad: bad.type, http }).toEqual({ at, caller, bad: bad.type, http: expected });
    }
  }
}

describe.each(needs)('a route that needs %s', (need) => {
  const guard = () => guards[need](admissionOf());

  test.each(Object.entries(shapes))(
    'binds, with bodies read in front of it: %s',
    async (_, { at, build }) => {
      await walk(appOf(bodies(), build([guard()])), at, [need]);
    },
  );

  test.each(Object.entries(shapes))('binds, with bodies read beside it: %s', async (_, { at, build }) => {
    await walk(appOf(build([bodies(), guard()])), at, [need]);
    await walk(appOf(build([guard(), bodies()])), at, [need]);
  });

  test.each(Object.entries(shapes))('binds, with bodies read by the framework: %s', async (_, it) => {
    await walk(appOf(it.build([guard()])), it.at, [need], 422);
  });

  test('binds where a looser guard stands outside of it, and where a stricter one does', async () => {
    for (const other of needs) {
      const strict = new Elysia().use(guard()).post('/two', answer, withBody);
      const app = appOf(bodies(), new Elysia().use(guards[other](admissionOf())).use(strict));
      await walk(app, 'POST /two', [other, need]);
    }
  });

  test('is judged anew where two guards of one gate stand in front of it', async () => {
    for (const other of needs) {
      const admission = admissionOf();
      const both = new Elysia().use(guards[other](admission)).use(guards[need](admission));
      const app = appOf(bodies(), both.post('/two', answer, withBody).get('/two', answer, input));
      for (const at of ['POST /two', 'GET /two']) await walk(app, at, [other, need]);
    }
  });
});

test('a body that comes with a GET opens no way past a guard', async () => {
  const app = appOf(
    bodies(),
    new Elysia().use(adminOnly(admissionOf())).get('/with-body', answer, input),
  ).listen({ port: 0, hostname: '127.0.0.1' });
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = `http://127.0.0.1:${app.server?.port}/with-body?page=none`;
      const type = { 'content-type': 'application/json', 'content-length': '1' };
      httpRequest(url, { method: 'GET', headers: { ...headers, ...type } }, (answered) => {
        answered.resume();
        resolve(answered.statusCode);
      })
        .on('error', reject)
        .end('{');
    });
  try {
    expect(await ask({})).toBe(401);
    expect(await ask(headersOf['a user'])).toBe(403);
    expect(await ask(headersOf['an administrator'])).toBe(422);
  } finally {
    await app.stop(true);
  }
});

test('a request counts once, however many guards ask the gate', async () => {
  const limit = new RateLimiterMemory({ points: 20, duration: 60 });
  const admission = admissionOf(createRequestThrottle(limit, Date.now));
  const guarded = new Elysia()
    .use(optionalViewer(admission))
    .use(signedIn(admission))
    .use(adminOnly(admission));
  const app = appOf(bodies(), guarded.post('/counted', answer, withBody));
  const seen: number[] = [];
  for (let i = 0; i < 21; i++) seen.push((await send(app, 'POST /counted', 'an administrator')).http);
  expect(seen).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
});

test('the gate remembers who calls, and never what it said', async () => {
  const admission = admissionOf();
  const request = new Request('http://nexus.test/', { headers: headersOf['a user'] });
  const userId = nameOf['a user'];
  expect(await admission.admit(request, 'nothing')).toBeUndefined();
  expect(admission.admit(request, 'admin')).rejects.toMatchObject({ code: 'forbidden' });
  expect(admission.admit(request, 'console')).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await admission.admit(request, 'user')).toMatchObject({ userId });
  expect(await admission.admit(request, 'optional')).toMatchObject({ userId });
});

test('somebody who was let in is let in on, as long as every guard of the route would', async () => {
  const admission = admissionOf();
  const former = await openAccount(api, { role: 'admin' });
  const requestOf = () => new Request('http://nexus.test/', { headers: former.headers });
  const [asUser, asAdmin, asBoth] = [requestOf(), requestOf(), requestOf()];
  for (const need of ['admin', 'user'] as const) await admission.admit(asBoth, need);
  await admission.admit(asUser, 'user');
  await admission.admit(asAdmin, 'admin');
  const still = () => Promise.all([asUser, asAdmin, asBoth].map((each) => admission.stillAdmits(each)));
  expect(await still()).toEqual([true, true, true]);
  await api.pool.query("update users set role = 'user' where id = $1", [former.userId]);
  expect(await still()).toEqual([true, false, false]);
  await api.pool.query('delete from sessions where id = $1', [former.sessionId]);
  expect(await still()).toEqual([false, false, false]);
  expect(await admission.stillAdmits(requestOf())).toBe(false);
});

test('what a route needs is read from the table of routes, wherever it is', () => {
  for (const need of needs) {
    const parts = Object.values(shapes).map(({ build }) => build([guards[need](admissionOf())]));
    const app = appOf(bodies(), ...parts);
    expect(app.routes.length).toBeGreaterThan(10);
    for (const route of app.routes) expect(needsOf(route)).toEqual([need]);
  }
});

test('an app in which a route has no guard does not start; one that says it is open does', () => {
  const app = appOf(bodies(), new Elysia().use(ungated()).get('/open', answer));
  expect(requireGuards(app)).toBe(app);
  app.use(new Elysia().post('/forgotten', answer).use(adminOnly(admissionOf())));
  expect(() => requireGuards(app)).toThrow('POST /forgotten');
});

test('a route without a guard reads the body of whoever sends one', async () => {
  const app = appOf(bodies(), new Elysia().post('/bare', answer, withBody));
  for (const caller of callers) {
    expect(await send(app, 'POST /bare', caller)).toEqual({ http: 200, name: 'nobody' });
    expect(await send(app, 'POST /bare', caller, badInputs[1])).toMatchObject({ http: 400 });
  }
});
