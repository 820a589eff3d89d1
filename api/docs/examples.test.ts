import { afterAll, beforeAll, expect, test } from 'bun:test';
import Ajv2020 from 'ajv/dist/2020';
import { openTestApi, type TestApi } from '../api-fixture.ts';
import type { TestBody } from '../test-response.ts';

interface Media {
  schema: Record<string, unknown>;
  example?: unknown;
}
interface Operation {
  security?: unknown;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

let api: TestApi;
let description: TestBody;
beforeAll(async () => {
  api = await openTestApi();
  description = await (await api.get('/docs/json')).json();
});
afterAll(() => api[Symbol.asyncDispose]());

const operations = (): [string, Operation][] =>
  Object.entries(description.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );

const media = (): { where: string; type: string; schema: object; example: unknown }[] =>
  operations().flatMap(([where, { requestBody, responses }]) =>
    [
      ...Object.entries(requestBody?.content ?? {}).map(([type, each]) => ({
        where: `${where} body`,
        type,
        ...each,
      })),
      ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, each]) => ({ where: `${where} ${status}`, type, ...each })),
      ),
    ].map((each) => ({ example: undefined, ...each })),
  );

test('whatever is sent or answered as JSON or text has an example', () => {
  const without = media().filter(
    ({ type, example }) => type !== 'text/event-stream' && example === undefined,
  );
  expect(without.map(({ where }) => where)).toEqual([]);
  expect(media().length).toBeGreaterThan(200);
});

test('every example is what its schema says', () => {
  const ajv = new Ajv2020({
    strict: false,
    formats: { uuid: true, 'date-time': true, date: true, email: true, uri: true },
  });
  const wrong = media()
    .filter(({ type }) => type === 'application/json')
    .flatMap(({ where, schema, example }) => {
      const isValid = ajv.compile({ ...schema, components: description.components });
      return isValid(example) ? [] : [{ where, errors: isValid.errors }];
    });
  expect(wrong).toEqual([]);
});

test('every route says what it takes to be let in, or that it takes nothing', () => {
  for (const [where, { security, responses }] of operations()) {
    const isGuarded = where.includes('/api/user/') || where.includes('/api/admin/');
    const isOpen = / \/(health|attribution)/.test(where) || /\/auth\/(register|login|refresh)$/.test(where);
    const needed = isGuarded || where.endsWith('/logout') ? [{ bearer: [] }] : [{}, { bearer: [] }];
    expect({ where, security }).toEqual({ where, security: isOpen ? [] : needed });
    if (!/ \/(health|attribution)/.test(where))
      expect({ where, has: Object.keys(responses) }).toEqual({
        where,
        has: expect.arrayContaining(['429', '500']),
      });
  }
});
