import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { describedAs } from '#api/docs/put-security.ts';
import { needsOf } from '#api/http/callers/route-needs.ts';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { putMovie } from '#tests/support/api/movie-fixture.ts';
import description from '../docs/openapi.json' with { type: 'json' };
import { arbitraryOf, type JsonSchema, nonsense } from './support/arbitrary-of.ts';

/** Every route that is about accounts, driven from the API description with what it allows and what it does not. */
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: JsonSchema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, unknown>;
}
interface Route extends Operation {
  method: string;
  path: string;
}

const paths = description.paths as unknown as Record<string, Record<string, Operation>>;
const routes: Route[] = Object.entries(paths)
  .filter(([path]) => /^\/api\/(auth|user|admin|people)/.test(path) || path === '/api/movies')
  .flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ ...operation, method, path })),
  );

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ config: { rateLimit: false, onDemandWaitMs: 0 } });
  // A mirror that was never filled has no lists.
  await putMovie(api.pool, { tmdbId: 550 });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Mostly right, so that what is behind the checks is reached, too. */
const mostly = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: nonsense });

function inputOf(route: Route) {
  const parameters = route.parameters ?? [];
  const [mediaType, content] = Object.entries(route.requestBody?.content ?? {})[0] ?? [];
  const body = content?.schema;
  return fc.record({
    parameters: fc.tuple(...parameters.map(({ schema }) => mostly(arbitraryOf(schema)))),
    given: fc.tuple(...parameters.map(({ required }) => (required ? fc.constant(true) : fc.boolean()))),
    body: body === undefined ? fc.constant(undefined) : bodyOf(body),
    mediaType: fc.constant(mediaType),
  });
}

function bodyOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  const mixed = fc.record(
    Object.fromEntries(properties.map(([name, inner]) => [name, mostly(arbitraryOf(inner))])),
    { requiredKeys: [] },
  );
  return fc.oneof(
    { weight: 5, arbitrary: arbitraryOf(schema) },
    { weight: 3, arbitrary: mixed },
    {
      weight: 1,
      arbitrary: nonsense,
    },
  );
}

interface Input {
  parameters: unknown[];
  given: unknown[];
  body: unknown;
  mediaType: string | undefined;
}

function requestOf(route: Route, { parameters, given, body, mediaType }: Input) {
  const query = new URLSearchParams();
  let { path } = route;
  (route.parameters ?? []).forEach((parameter, index) => {
    const text = textOf(parameters[index]);
    if (parameter.in === 'path')
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(text) || '%20');
    else if (parameter.in === 'query' && given[index] === true) query.set(parameter.name, text);
  });
  const text = mediaType === 'application/json' ? JSON.stringify(body) : textOf(body);
  return {
    path: `${path}?${query}`,
    init: {
      method: route.method.toUpperCase(),
      ...(mediaType === undefined ? {} : { body: text }),
      headers: { ...(mediaType === undefined ? {} : { 'content-type': mediaType }) },
    },
  };
}

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 2000).toWellFormed();

test('the description names routes of all kinds', () => {
  expect(routes.length).toBeGreaterThan(10);
});

test.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s: whatever comes, never a 5xx, always the envelope, only answers that are described',
  async (_, route) => {
    const guarded = api.routes.find((each) => describedAs(each) === `${route.method} ${route.path}`);
    const role = guarded !== undefined && needsOf(guarded).includes('admin') ? 'admin' : 'user';
    await fc.assert(
      fc.asyncProperty(inputOf(route), fc.boolean(), async (input, signedIn) => {
        const { headers: authorization } = await openAccount(api, { role });
        const { path, init } = requestOf(route, input);
        const headers = { ...init.headers, ...(signedIn ? authorization : {}) };
        const answer = await api.request(path, { ...init, headers });
        const told = `${init.method} ${path.slice(0, 200)} ${String(init.body).slice(0, 200)} → ${answer.status}`;
        if (answer.status >= 500) throw new Error(`${told} ${await answer.text()}`);
        if (!(String(answer.status) in route.responses)) throw new Error(`${told} is not described`);
        expect(answer.headers.get('x-request-id')).toBeString();
        if (answer.status === 204 || answer.status === 304) return;
        if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
          // It has no end of its own.
          await answer.body?.cancel();
          return;
        }
        const body = await answer.json();
        // 202 is either work that was taken on, or something that is being fetched.
        const isPending = answer.status === 202 && body.code === 'fetch_pending';
        expect(body.status).toBe(isPending ? 'pending' : answer.status < 300 ? 'success' : 'error');
        if (body.status === 'error')
          expect(body).toMatchObject({ message: expect.any(String), code: expect.any(String) });
      }),
      { numRuns: 60 },
    );
  },
);
