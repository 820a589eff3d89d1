import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import type { Database } from '../orm/database.ts';
import { countChanged, type Runner, runStatement } from './run-statement.ts';
import { join, prepared, raw, sql } from './sql.ts';

describe('a statement', () => {
  test('sends its values as parameters', () => {
    const { text, values } = sql`select * from movies where title = ${"o'hara"} and id > ${7}`;
    expect(text).toBe('select * from movies where title = $1 and id > $2');
    expect(values).toEqual(["o'hara", 7]);
  });

  test('takes fragments into its text, with their values', () => {
    const since = (year: number) => sql`year >= ${year}`;
    const where = join([since(1990), sql`${raw('vote')} > ${5}`], ' and ');
    const { text, values } = sql`select ${1} from movies where ${where} limit ${9}`;
    expect(text).toBe('select $1 from movies where year >= $2 and vote > $3 limit $4');
    expect(values).toEqual([1, 1990, 5, 9]);
  });
});

describe('a prepared statement', () => {
  const one = (column: 'liked' | 'watched') =>
    prepared<{ user: string; movie: number }, { n: number }>(
      'test-one',
      ({ user, movie }) =>
        sql`select ${3} from said where u = ${user} and m = ${movie} and ${raw(column)} in (select ${user})`,
    );

  test('numbers its placeholders once, and lets numbers stand', () => {
    expect(one('liked')({ movie: 5, user: 'a' })).toEqual({
      name: 'test-one',
      text: 'select 3 from said where u = $1 and m = $2 and liked in (select $1)',
      values: ['a', 5],
    });
  });

  test('has the same text each time', () => {
    const statement = one('liked');
    expect(statement({ user: 'a', movie: 1 }).text).toBe(statement({ user: 'b', movie: 2 }).text);
  });

  test('shares its name with no other text', () => {
    one('liked');
    expect(() => one('liked')).not.toThrow();
    expect(() => one('watched')).toThrow('there are two statements with the name test-one');
  });

  test('takes no text that comes from outside', () => {
    const name = 'test-outside';
    expect(() => prepared<void>(name, () => sql`select ${'a'}`)).toThrow('a value that is no placeholder');
  });
});

describe('running a statement', () => {
  let database: Database;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const addGenres = prepared<{ ids: number[] }>(
    'test-add-genres',
    ({ ids }) => sql`insert into genres (id, name) select id, 'G' || id from unnest(${ids}::int[]) as id`,
  );
  const countStatement = prepared<{ from: number }, { n: number }>(
    'test-count-genres',
    ({ from }) => sql`select count(*)::int as n from genres where id >= ${from}`,
  );
  const count = async (on: Runner) => (await runStatement(on, countStatement({ from: 1 })))[0]?.n;

  test('goes on a pool, a connection and a transaction alike', async () => {
    const { pool, orm } = database;
    expect(await countChanged(pool, addGenres({ ids: [1] }))).toBe(1);
    const client = await pool.connect();
    expect(await countChanged(client, addGenres({ ids: [2, 3] }))).toBe(2);
    expect(await count(client)).toBe(3);
    client.release();
    await orm.em.fork().transactional(async (tx) => {
      const on = tx.getKysely();
      expect(await countChanged(on, addGenres({ ids: [4, 5, 6] }))).toBe(3);
      expect(await count(on)).toBe(6);
      expect(await count(pool)).toBe(3);
    });
    expect(await count(pool)).toBe(6);
  });

  test('is taken back with the transaction around it', async () => {
    const work = database.orm.em.fork().transactional(async (tx) => {
      await runStatement(tx.getKysely(), addGenres({ ids: [90] }));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await runStatement(database.pool, countStatement({ from: 90 }))).toEqual([{ n: 0 }]);
  });

  test('is prepared under its name, once', async () => {
    const client = await database.pool.connect();
    await runStatement(client, countStatement({ from: 1 }));
    await runStatement(client, countStatement({ from: 2 }));
    const { rows } = await client.query(
      "select name from pg_prepared_statements where name like 'test-count%'",
    );
    expect(rows).toEqual([{ name: 'test-count-genres' }]);
    client.release();
  });

  test('waits so long for the answer, and no longer', async () => {
    const late = runStatement(database.pool, sql`select pg_sleep(5)`, { timeoutMs: 50 });
    await expect(late).rejects.toThrow('timeout');
  });

  test('sends no placeholder', async () => {
    let stray: unknown;
    prepared<{ id: number }>('test-stray', ({ id }) => {
      stray = id;
      return sql`select ${id}`;
    });
    await expect(runStatement(database.pool, sql`select ${stray as number}`)).rejects.toThrow(
      'placeholder id',
    );
  });
});
