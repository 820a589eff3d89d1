import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openAccount } from '#tests/support/api/account-fixture.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { type DescribedOperation, failuresOf, operationsOf } from '#tests/support/api/description-fixture.ts';
import { putSnapshot } from '#tests/support/api/movie-fixture.ts';
import { type Provoked, provokeFailures } from '#tests/support/api/provoke-failures-fixture.ts';

let api: TestApi;
let operations: DescribedOperation[];
let provoked: Provoked[];
beforeAll(async () => {
  api = await openTestApi();
  operations = operationsOf(await (await api.get('/docs/json')).json());
  await using another = await openTestApi();
  provoked = await provokeFailures(another, operations);
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

const operationAt = (where: string): DescribedOperation => {
  const found = operations.find((operation) => operation.where === where);
  if (found === undefined) throw new Error(`nothing is described at ${where}`);
  return found;
};

test('whatever a route fails with is described, by its code and in the words it has', () => {
  for (const { where, status, body } of provoked) {
    const examples = failuresOf(operationAt(where), status);
    const said = ({ code, message }: Provoked['body']) => ({ where, status, code, message });
    expect(examples.map(said)).toContainEqual(said(body));
    const example = examples.find(({ code }) => code === body.code);
    if (status === 422) expect(body.details).toContainEqual(example.details[0]);
    expect(Object.keys(body)).toEqual(Object.keys(example));
  }
});

test('no failure is described that a route does not have', () => {
  const described = operations.flatMap((operation) =>
    Object.keys(operation.responses)
      // Our own bugs, which nobody can provoke.
      .filter((status) => Number(status) >= 400 && status !== '500')
      .flatMap((status) =>
        failuresOf(operation, status).map(({ code }) => `${operation.where} ${status} ${code}`),
      ),
  );
  const seen = new Set(provoked.map(({ where, status, body }) => `${where} ${status} ${body.code}`));
  expect([...new Set(described)].sort()).toEqual([...seen].sort());
  expect(seen.size).toBeGreaterThan(150);
});

/** Beside these, answers have headers that say nothing of their own. */
const telling = [
  'allow',
  'content-disposition',
  'etag',
  'location',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];
const described = (where: string, status: number): string[] =>
  Object.keys(operationAt(where).responses[status]?.headers ?? {}).map((name) => name.toLowerCase());

test('a failure is described with the headers it has', () => {
  for (const { where, status, headers } of provoked) {
    const sent = telling.filter((name) => headers.has(name));
    expect({ where, status, headers: described(where, status).sort() }).toEqual({
      where,
      status,
      headers: sent,
    });
  }
});

test('a success is described with the headers it has', async () => {
  const { headers } = await openAccount(api);
  await putSnapshot(api.pool, 'genres', 1);
  const etag = (await api.get('/api/genres')).headers.get('etag') ?? '';
  const csv = { method: 'POST', headers: { ...headers, 'content-type': 'text/csv' }, body: 'Name\nA\n' };
  const answers = [
    { where: 'get /api/genres', expected: 200, answer: await api.get('/api/genres') },
    {
      where: 'get /api/genres',
      expected: 304,
      answer: await api.get('/api/genres', { 'if-none-match': etag }),
    },
    { where: 'get /api/user/export', expected: 200, answer: await api.get('/api/user/export', headers) },
    {
      where: 'post /api/user/import',
      expected: 202,
      answer: await api.request('/api/user/import?source=letterboxd', csv),
    },
  ];
  for (const { where, expected, answer } of answers) {
    expect({ where, status: answer.status }).toEqual({ where, status: expected });
    const names = described(where, expected);
    expect(names).toEqual(expect.arrayContaining(telling.filter((name) => answer.headers.has(name))));
    for (const name of names)
      expect({ where, name, sent: answer.headers.has(name) }).toEqual({ where, name, sent: true });
  }
});
