import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Client } from 'pg';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { sqlStateOf } from './is-lost-to-another-writer.ts';
import { type Runner, runStatement } from './run-statement.ts';
import { sql } from './sql.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('create table met (id int primary key, n int not null)');
});
afterAll(() => database[Symbol.asyncDispose]());

/** Locks both rows, the first one first. */
const inOrder = sql`update met set n = n + 1
  from (select id from met order by id for update) o where o.id = met.id`;

/** Meets a session that has the second row and wants the first one, and that looks for deadlocks later. */
async function meet(run: () => Promise<unknown>): Promise<unknown> {
  await database.pool.query('truncate met; insert into met values (1, 0), (2, 0)');
  const other = new Client(database.clientConfig);
  await other.connect();
  try {
    await other.query("set deadlock_timeout = '30s'; begin; update met set n = n + 10 where id = 2");
    const running = run().then(
      () => 'done',
      (error: unknown) => sqlStateOf(error),
    );
    await Bun.sleep(300);
    await other.query('update met set n = n + 10 where id = 1');
    await other.query('commit');
    return await running;
  } finally {
    await other.end();
  }
}

const sums = async () =>
  (await database.pool.query<{ n: number }>('select n from met order by id')).rows.map(({ n }) => n);

const alone: [what: string, on: () => Runner][] = [
  ['a pool', () => database.pool],
  ['an EntityManager', () => database.orm.em.fork().getKysely()],
];

test.each(alone)('a statement alone on %s is run again after a deadlock, and counts once', async (_, on) => {
  expect(await meet(() => runStatement(on(), inOrder))).toBe('done');
  expect(await sums()).toEqual([11, 11]);
});

test('in a transaction it is not: what came before it is lost, too', async () => {
  const em = database.orm.em.fork();
  const work = () => em.transactional((tx) => runStatement(tx.getKysely(), inOrder));
  expect(await meet(work)).toBe('40P01');
  expect(await sums()).toEqual([10, 10]);
});
