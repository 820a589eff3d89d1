import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { PoolClient } from 'pg';
import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { saveMovies } from '../movies/save-movies.ts';
import { runRepeated } from './run-repeated.ts';
import { writeTransaction } from './write-transaction.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

interface Prepared {
  statement: string;
  used: number;
}

/** What each open connection of the pool has prepared. */
async function readPrepared(): Promise<Prepared[]> {
  const clients: PoolClient[] = [];
  while (database.pool.idleCount > 0) clients.push(await database.pool.connect());
  try {
    const read = clients.map((client) =>
      client.query<Prepared>(`
        select statement, (custom_plans + generic_plans)::int as used
        from pg_prepared_statements where name like 'repeated-%'`),
    );
    return (await Promise.all(read)).flatMap(({ rows }) => rows);
  } finally {
    for (const client of clients) client.release();
  }
}

test('a statement in a transaction is prepared once, whatever its values are', async () => {
  const { em } = database.orm;
  for (const value of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const rows = await writeTransaction(em.fork(), (on) =>
      runRepeated(on, sql<{ n: number }>`select ${value}::int * 10 as n`),
    );
    expect(rows).toEqual([{ n: value * 10 }]);
  }
  const prepared = (await readPrepared()).filter(({ statement }) => statement.includes('* 10'));
  expect(prepared.map(({ used }) => used)).toEqual([8]);
});

test('a batch of any size brings no statements of its own', async () => {
  const em = database.orm.em.fork();
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: 60 });
  const movies = Array.from({ length: 60 }, (_, position) => {
    const id = catalogue.idAt(position);
    return parseDetails(JSON.parse(JSON.stringify(catalogue.details(id, allParts))), id);
  });
  const save = (from: number, to: number) => saveMovies(em, movies.slice(from, to), { now: new Date() });
  for (const to of [1, 2, 9, 10]) await save(0, to);
  const before = new Set((await readPrepared()).map(({ statement }) => statement));
  expect(before.size).toBeGreaterThan(10);
  for (const to of [17, 25, 26, 60]) await save(0, to);
  const after = await readPrepared();
  expect(after.filter(({ statement }) => !before.has(statement)).map(({ statement }) => statement)).toEqual(
    [],
  );
});
