import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { makeAhead, runInTurn } from './run-in-turn.ts';
import { writeTransaction } from './write-transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(
    'create table turns (n int primary key, at timestamptz default clock_timestamp())',
  );
});
afterAll(() => database[Symbol.asyncDispose]());

const run = (...makers: (() => ReturnType<typeof sql> | undefined)[]) =>
  writeTransaction(database.orm.em.fork(), (on) => runInTurn(on, makers));
const put = (n: number) => sql`insert into turns (n) values (${n})`;

test('statements run one after the other, and the next is made while one runs', async () => {
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock(1)');
    await run(
      () => sql`select pg_advisory_xact_lock(1)`,
      () => {
        // What the first one waits for: made later, it would wait for ever.
        client.query('select pg_advisory_unlock(1)').catch(() => {});
        return put(1);
      },
      () => undefined,
      () => put(2),
    );
  } finally {
    client.release();
  }
  const { rows } = await database.pool.query('select n from turns order by at');
  expect(rows.map((row) => row.n)).toEqual([1, 2]);
});

test('the error is that of the statement that failed, and nothing stays', async () => {
  const failing = run(
    () => put(10),
    () => put(10),
    () => put(11),
  );
  await expect(failing).rejects.toThrow('turns_pkey');
  const broken = run(
    () => put(20),
    () => {
      throw new Error('not made');
    },
  );
  await expect(broken).rejects.toThrow('not made');
  const { rows } = await database.pool.query('select n from turns where n >= 10');
  expect(rows).toEqual([]);
});

test('what is made ahead keeps its order, and a failure reaches who awaits it', async () => {
  expect(await makeAhead([1, 2, 3], async (n) => n * 2)).toEqual([2, 4, 6]);
  const broken = makeAhead([1], () => {
    throw new Error('not made');
  });
  await Bun.sleep(10);
  await expect(broken).rejects.toThrow('not made');
});
