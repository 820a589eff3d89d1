import { afterAll, beforeAll, expect, test } from 'bun:test';
import { isRefusedValue } from '#shared/db/is-refused-value.ts';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { type CopiedType, type CopiedTypes, copyStatement } from './copy-rows.ts';
import { writeTransaction } from './write-transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const em = () => database.orm.em.fork();
let tables = 0;

/** A table of one column, and what COPY makes of these values in it, as PostgreSQL writes it. */
async function copied(type: CopiedType, values: readonly unknown[]): Promise<unknown[]> {
  const table = `copied_${++tables}`;
  await database.pool.query(`create table ${table} (at int, "a value" ${type})`);
  const rows = values.map((value, at) => ({ at, 'a value': value }));
  await writeTransaction(em(), (on) =>
    runStatement(on, copyStatement(table, rows, { at: 'int', 'a value': type })),
  );
  const found = await database.pool.query(`select "a value"::text as written from ${table} order by at`);
  return found.rows.map((row) => row.written);
}

/** The same, as PostgreSQL itself reads it from a text. */
async function cast(type: CopiedType, texts: readonly (string | null)[]): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select (t.text::${type})::text as written from unnest($1::text[]) with ordinality as t(text, at) order by at`,
    [texts],
  );
  return rows.map((row) => row.written);
}

const ownTexts = ['', 'a', '"\\\t\n\r\v{},\'', '\\N', '\\.', 'žluťoučký 映画 🎬', 'x'.repeat(3_000_000)];
const cases: Record<CopiedType, { values: readonly unknown[]; texts: readonly string[] }> = {
  smallint: { values: [0, -1, 32_767, -32_768], texts: ['0', '-1', '32767', '-32768'] },
  int: { values: [0, -1, 2 ** 31 - 1, -(2 ** 31)], texts: ['0', '-1', '2147483647', '-2147483648'] },
  bigint: {
    values: [0, -1, '5', 2 ** 32, -(2 ** 32) - 1, '9223372036854775807', '-9223372036854775808'],
    texts: ['0', '-1', '5', '4294967296', '-4294967297', '9223372036854775807', '-9223372036854775808'],
  },
  float8: { values: [0, -0.1, 1e300, 7.25], texts: ['0', '-0.1', '1e300', '7.25'] },
  bool: { values: [true, false], texts: ['true', 'false'] },
  text: { values: ownTexts, texts: ownTexts },
  date: {
    values: ['2000-01-01', '1999-12-31', '1800-02-28', '2024-02-29', '2199-12-31'],
    texts: ['2000-01-01', '1999-12-31', '1800-02-28', '2024-02-29', '2199-12-31'],
  },
  timestamptz: {
    values: [new Date('2026-11-01T12:00:00.123Z'), new Date('1969-12-31T23:59:59.999Z')],
    texts: ['2026-11-01T12:00:00.123Z', '1969-12-31T23:59:59.999Z'],
  },
  jsonb: {
    values: ['{}', '{"en":"/a.jpg","é":["\\"",1]}', 'null'],
    texts: ['{}', '{"en":"/a.jpg","é":["\\"",1]}', 'null'],
  },
  bytea: {
    values: [new Uint8Array(), new Uint8Array([0, 255, 10, 92]), Buffer.from('abc')],
    texts: ['\\x', '\\x00ff0a5c', '\\x616263'],
  },
};

for (const [type, { values, texts }] of Object.entries(cases) as [CopiedType, (typeof cases)[CopiedType]][])
  test(`copies ${type} as PostgreSQL reads it`, async () => {
    const [first] = values;
    const whole = [null, ...values, undefined, first];
    expect(await copied(type, whole)).toEqual(await cast(type, [null, ...texts, null, texts[0] ?? null]));
  });

test('no rows are no rows', async () => {
  expect(await copied('int', [])).toEqual([]);
});

const tooLarge: [CopiedType, unknown][] = [
  ['smallint', 32_768],
  ['smallint', -32_769],
  ['int', 2 ** 31],
  ['int', 1.5],
  ['int', Number.NaN],
  ['date', '2024-02-31'],
  ['date', 'soon'],
];
for (const [type, value] of tooLarge)
  test(`a value that does not fit is refused, and not cut: ${value} as ${type}`, () => {
    const types = { value: type } as CopiedTypes<{ value: unknown }>;
    const refused = () => copyStatement('anything', [{ value }], types);
    expect(refused).toThrow(expect.objectContaining({ code: '22003' }));
    expect(isRefusedValue(Object.assign(new Error(), { code: '22003' }))).toBe(true);
  });

test('what PostgreSQL refuses leaves nothing, and the connection goes on', async () => {
  await database.pool.query('create table refusing (id int primary key, text text)');
  const types = { id: 'int', text: 'text' } as const;
  const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, text: 'as long as a sentence may be' }));
  const write = (more: { id: number; text: string }) =>
    writeTransaction(em(), async (on) => {
      await runStatement(on, sql`select pg_backend_pid()`);
      await runStatement(on, copyStatement('refusing', [more, ...rows], types));
    });
  expect(await write({ id: -1, text: 'a\0b' }).catch(isRefusedValue)).toBe(true);
  const { rows: left } = await database.pool.query('select count(*)::int as n from refusing');
  expect(left).toEqual([{ n: 0 }]);
  for (let n = 1; n <= 20; n++) expect((await database.pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  await write({ id: -2, text: 'fits' });
  expect((await database.pool.query('select count(*)::int as n from refusing')).rows).toEqual([
    { n: 50_001 },
  ]);
});

test('a table that is not there is said, and the connection goes on', async () => {
  const client = await database.pool.connect();
  try {
    const { text, values } = copyStatement('nowhere', [{ id: 1 }], { id: 'int' });
    expect(client.query(text, values as unknown[])).rejects.toMatchObject({ code: '42P01' });
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  } finally {
    client.release();
  }
});
