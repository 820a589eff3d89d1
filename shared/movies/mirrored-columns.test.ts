import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testDatabase } from '#tests/support/database.ts';
import { readMovieColumns, readMovieTables } from '#tests/support/movie-catalogue.ts';
import type { Database } from '../orm/database.ts';
import { mirrored, mirroredColumns, movieTables, ownColumns } from './mirrored-columns.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('every column of movies is TMDb’s or ours, as the table says, and none is both', async () => {
  const columns = [...(await readMovieColumns(database.pool)).keys()];
  expect(columns.sort()).toEqual([...mirroredColumns, ...Object.keys(ownColumns)].sort());
});

test('every table that belongs to movies is in the list that says what it holds', async () => {
  expect(await readMovieTables(database.pool)).toEqual(Object.keys(movieTables).sort());
});

test('the types of the table are those of the columns', async () => {
  const columns = await readMovieColumns(database.pool);
  for (const column of mirroredColumns) {
    const { rows } = await database.pool.query('select $1::regtype::text as type', [mirrored[column].column]);
    // Text may have a length: what is too long for it is cut or left out before it is written.
    const type = columns.get(column) === 'character varying' ? 'text' : columns.get(column);
    expect([column, rows[0].type]).toEqual([column, type]);
  }
});

test('a column that may not be null is emptied with something else', async () => {
  const { rows } = await database.pool.query<{ name: string }>(`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = 'movies' and is_nullable = 'NO'`);
  const withEmptyValue = mirroredColumns.filter((column) => 'empty' in mirrored[column]);
  expect(rows.map(({ name }) => name).filter((name) => name in mirrored)).toEqual(withEmptyValue);
});
