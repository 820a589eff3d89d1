import { afterAll, beforeAll, expect, test } from 'bun:test';
import { prepared, sql } from '#shared/db/sql.ts';
import { type Database, openDatabase } from '#shared/orm/database.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { queryInBinary } from './query-in-binary.ts';
import { queryStore } from './query-store.ts';

const stack = new AsyncDisposableStack();
let database: Database;
beforeAll(async () => {
  // Over TCP, where an answer comes in pieces of any size; one connection, so that all go through the same.
  const { target } = stack.use(await openDatabaseBehindWire());
  database = stack.use(await openDatabase(target, { poolMax: 1 }));
});
afterAll(() => stack.disposeAsync());

test('fields are what text would say they are', async () => {
  const times = ['1999-12-31 23:59:59.9999+00', '2000-01-01+00', '2026-11-29 01:02:03.456789+00'];
  const rows = sql<{ n: number | null; at: number | null; body: Buffer | null }>`
    select n, at, repeat(word, size) as body from (values
      (-2147483648, ${times[0]}::timestamptz, 'a', 0), (200, ${times[1]}, 'ü', 70000), (1, ${times[2]}, '電影🎬', 30000),
      (null, null, null, 1), (128, now(), E'line\nbreak', 1)) as v(n, at, word, size)`;
  const texts = sql<{ n: number | null; at: number | null; body: string | null }>`
    select n, floor(extract(epoch from at) * 1000)::float8 as at, body from (${rows}) r`;
  const [binary, text] = [await queryInBinary(database.pool, rows), await queryStore(database.pool, texts)];
  expect(binary.map((row) => ({ ...row, body: row.body?.toString() ?? null })).slice(0, 4)).toEqual(
    text.slice(0, 4),
  );
  expect(binary[0]?.body).toHaveLength(0);
  expect(binary[4]).toMatchObject({ n: 128, body: Buffer.from('line\nbreak') });
});

test('bits are the bytes that they fill, whatever is left of the last one', async () => {
  const texts = ['', '1', '00000000', '1000000101', `${'1'.repeat(70_000)}0`];
  const rows = await queryInBinary(
    database.pool,
    sql<{ bits: Buffer }>`select bits::bit varying as bits from unnest(${texts}::text[]) as bits`,
  );
  const shown = rows.map(({ bits }) => [...bits].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
  expect(shown).toEqual(texts.map((text) => text.padEnd(Math.ceil(text.length / 8) * 8, '0')));
});

test('bytes are what PostgreSQL has', async () => {
  const rows = await queryInBinary(
    database.pool,
    sql<{ ids: Buffer }>`select int4send(n) || int4send(-n) as ids from unnest(array[1, 258, 2147483647]) n`,
  );
  const pairs = rows.map(({ ids }) => [ids.length, ids.readInt32BE(0), ids.readInt32BE(4)]);
  expect(pairs).toEqual([1, 258, 2147483647].map((n) => [8, n, -n]));
});

test('what was read stays as it was, whatever is read after it', async () => {
  const read = (word: string) =>
    queryInBinary(
      database.pool,
      sql<{
        body: Buffer;
      }>`select repeat(${word} || chr(64 + n), 3000 + 900 * n) as body from generate_series(1, 26) n`,
    );
  const [first, second] = [await read('one'), await read('two')];
  const bodies = (rows: { body: Buffer }[]) => rows.map(({ body }) => Bun.hash(body));
  const expected = (word: string) =>
    Array.from({ length: 26 }, (_, at) =>
      Bun.hash((word + String.fromCharCode(65 + at)).repeat(3900 + 900 * at)),
    );
  expect(bodies(first)).toEqual(expected('one'));
  expect(bodies(second)).toEqual(expected('two'));
});

interface Word {
  n: number;
  word: Buffer | null;
}

const words = prepared<{ word: string | null; size: number }, Word>(
  'test-binary-words',
  ({ word, size }) => sql`
    select 100 / ${size}::int as n, repeat(${word}::text, ${size}::int) as word from generate_series(1, 3)`,
);

test('a prepared statement is described once, and answers as the first time: also after an error, at once, in order', async () => {
  const read = async (word: string | null, size: number) =>
    (await queryInBinary(database.pool, words({ word, size }))).map((row) => [row.n, row.word?.toString()]);
  const expected = (word: string, size: number) =>
    Array.from({ length: 3 }, () => [Math.floor(100 / size), word.repeat(size)]);
  // Refused before anybody knows its columns, and after.
  await expect(read('ä', 0)).rejects.toThrow('division by zero');
  expect(await read('ä', 1)).toEqual(expected('ä', 1));
  await expect(read('ä', 0)).rejects.toThrow('division by zero');
  const many = await Promise.all([40, 2, 30_000, 3].map((size) => read('ü', size)));
  expect(many).toEqual([40, 2, 30_000, 3].map((size) => expected('ü', size)));
  expect(await read(null, 1)).toEqual(Array.from({ length: 3 }, () => [100, undefined]));
  expect(await queryStore(database.pool, words({ word: 'as text', size: 1 }))).toEqual(
    Array.from({ length: 3 }, () => ({ n: 100, word: 'as text' }) as never),
  );
  expect(await read('a', 1)).toEqual(expected('a', 1));
});

test('a column of another type is refused, as is what PostgreSQL refuses; the connection goes on', async () => {
  const other = queryInBinary(database.pool, sql`select ${'{}'}::jsonb as other`);
  await expect(other).rejects.toThrow('a column of type 3802 is not read in binary');
  await expect(queryInBinary(database.pool, sql`select ${1}::int / 0 as n`)).rejects.toThrow(
    'division by zero',
  );
  expect(await queryStore(database.pool, sql`select ${200}::int as n, 'ü' as body`)).toEqual([
    { n: 200, body: 'ü' },
  ]);
  expect(database.pool.totalCount).toBe(1);
});
