import { afterAll, beforeAll, expect, test } from 'bun:test';
import Ajv2020 from 'ajv/dist/2020';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { examplesOf, operationsOf } from '#tests/support/api/description-fixture.ts';
import type { TestBody } from '#tests/support/api/test-response.ts';

let api: TestApi;
let description: TestBody;
beforeAll(async () => {
  api = await openTestApi();
  description = await (await api.get('/docs/json')).json();
});
afterAll(() => api[Symbol.asyncDispose]());

const media = (): { where: string; type: string; schema: object; examples: TestBody[] }[] =>
  operationsOf(description).flatMap(({ where, requestBody, responses }) =>
    [
      ...Object.entries(requestBody?.content ?? {}).map(([type, each]) => ({
        where: `${where} body`,
        type,
        each,
      })),
      ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, each]) => ({ where: `${where} ${status}`, type, each })),
      ),
    ].map(({ each, ...rest }) => ({ ...rest, schema: each.schema, examples: examplesOf(each) })),
  );

test('whatever is sent or answered as JSON or text has an example', () => {
  const without = media().filter(
    ({ type, examples }) => type !== 'text/event-stream' && examples.length === 0,
  );
  expect(without.map(({ where }) => where)).toEqual([]);
  expect(media().length).toBeGreaterThan(200);
});

const ajv = new Ajv2020({
  strict: false,
  formats: { uuid: true, 'date-time': true, date: true, email: true, uri: true },
});

test('every example is what its schema says', () => {
  const wrong = media()
    .filter(({ type }) => type === 'application/json')
    .flatMap(({ where, schema, examples }) => {
      const isValid = ajv.compile({ ...schema, components: description.components });
      return examples.flatMap((example) => (isValid(example) ? [] : [{ where, errors: isValid.errors }]));
    });
  expect(wrong).toEqual([]);
});

test('what a route refuses to take, its schema does not allow', async () => {
  const { headers } = await openAccount(api);
  const account = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };
  const item = { tmdb_id: 550, type: 'liked' };
  const refused: [where: string, body: object][] = [
    ['post /api/auth/register', { ...account, name: '' }],
    ['post /api/auth/register', { ...account, name: 'x'.repeat(256) }],
    ['patch /api/user/profile', { name: '' }],
    ['patch /api/user/profile', { name: 'x'.repeat(256) }],
    ['post /api/user/interactions', { ...item, items: [item] }],
    ['post /api/user/interactions', { items: [item], at: '2024-05-01' }],
    ['post /api/user/interactions', { tmdb_id: 550 }],
    ['post /api/user/interactions', {}],
  ];
  for (const [where, body] of refused) {
    const [method = '', path = ''] = where.split(' ');
    const answer = await api.request(path, {
      method: method.toUpperCase(),
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const schema = media().find((each) => each.where === `${where} body`)?.schema;
    expect({ where, body, status: answer.status, allowed: ajv.validate(schema ?? {}, body) }).toEqual({
      where,
      body,
      status: 422,
      allowed: false,
    });
  }
});

test('every route says what it takes to be let in, or that it takes nothing', () => {
  for (const { where, security, responses } of operationsOf(description)) {
    const isGuarded = where.includes('/api/user/') || where.includes('/api/admin/');
    const isOpen =
      / \/(health|attribution|metrics|docs)/.test(where) ||
      /\/auth\/(register|login|refresh|forgot|reset)$/.test(where);
    const needed =
      isGuarded || /\/auth\/(logout|sessions|totp)/.test(where) ? [{ bearer: [] }] : [{}, { bearer: [] }];
    expect({ where, security }).toEqual({ where, security: isOpen ? [] : needed });
    if (!/ \/(health|attribution|metrics|docs)/.test(where))
      expect({ where, has: Object.keys(responses) }).toEqual({
        where,
        has: expect.arrayContaining(['429', '500']),
      });
  }
});
