import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describedAs } from '#api/docs/put-security.ts';
import { type GuardedRoute, needsOf } from '#api/http/callers/route-needs.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import description from '../docs/openapi.json' with { type: 'json' };

/** Every route under `/api`: a new one is tested by being there. */
interface Operation {
  requestBody?: { content: Record<string, { example: unknown }> };
  responses: Record<string, unknown>;
}

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 0 } });
});
afterAll(() => api[Symbol.asyncDispose]());

const routes = () => api.routes.filter(({ path }) => path.startsWith('/api/'));
const operationOf = (route: GuardedRoute): Operation => {
  const [method = '', path = ''] = describedAs(route).split(' ');
  return (description.paths as unknown as Record<string, Record<string, Operation>>)[path]?.[
    method
  ] as Operation;
};
const pathOf = (path: string) =>
  path
    .replace(/(people|collections)\/:id/, '$1/100')
    .replace(':tmdb_movie_id', '100')
    .replace(':tmdb_id', '100')
    .replace(':type', 'liked')
    .replace(':job', 'genres')
    .replace(':line', '2')
    .replace(/:\w+/g, '01a2b3c4-d5e6-7f80-91a2-b3c4d5e6f70a');

function requestOf(route: GuardedRoute, headers: Record<string, string>): RequestInit {
  const [body] = Object.entries(operationOf(route).requestBody?.content ?? {});
  if (body === undefined) return { method: route.method, headers };
  const [type, { example }] = body;
  const text = typeof example === 'string' ? example : JSON.stringify(example);
  return { method: route.method, headers: { ...headers, 'content-type': type }, body: text };
}

test('a parameter that a route does not know is refused by name, and once', async () => {
  expect(routes().length).toBeGreaterThan(20);
  const { headers } = await openAccount(api, { role: 'admin' });
  for (const route of routes()) {
    const ask = async (query: string) => {
      const answer = await api.request(`${pathOf(route.path)}?${query}`, requestOf(route, headers));
      const { details = [] } = (await answer.json()) as { details?: { path: string }[] };
      return [describedAs(route), answer.status, details.filter(({ path }) => path === 'unheard_of').length];
    };
    for (const query of ['unheard_of=1', 'unheard_of=1&unheard_of=2', 'unheard_of'])
      expect(await ask(query)).toEqual([describedAs(route), 422, 1]);
    expect(operationOf(route).responses).toHaveProperty('422');
  }
});

test('HEAD refuses what GET refuses', async () => {
  const { headers } = await openAccount(api, { role: 'admin' });
  for (const route of routes().filter(({ method }) => method === 'GET')) {
    const answer = await api.request(`${pathOf(route.path)}?unheard_of=1`, { method: 'HEAD', headers });
    expect([route.path, answer.status]).toEqual([route.path, 422]);
  }
});

test('who may not ask is told that first', async () => {
  for (const route of routes().filter((each) =>
    needsOf(each).some((need) => need === 'user' || need === 'admin'),
  )) {
    const answer = await api.request(`${pathOf(route.path)}?unheard_of=1`, requestOf(route, {}));
    expect([describedAs(route), answer.status]).toEqual([describedAs(route), 401]);
  }
});
