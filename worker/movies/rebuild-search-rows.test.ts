import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { rebuildSearchRows } from './rebuild-search-rows.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'movies', 'people', 'title_words'));

const rebuild = (signal = new AbortController().signal) =>
  rebuildSearchRows({ em: database.orm.em.fork(), signal }, 2);
const list = async (text: string) => (await database.pool.query({ text, rowMode: 'array' })).rows.flat();

async function putOldRows(): Promise<void> {
  await database.pool.query(
    `insert into movies (tmdb_id, title, state) select n, 'Film²' || n, 'listed' from generate_series(1, 5) n`,
  );
  await database.pool.query("insert into people (id, name) values (1, 'Zoë'), (2, 'Ada')");
  await database.pool.query("update movie_titles set title_key = 'old', words = '', version = 0");
  await database.pool.query("update person_names set name_key = 'old', version = 0 where person_id = 1");
}

test('titles and names of an older folding are written again, slice by slice', async () => {
  await putOldRows();
  await rebuild();
  expect(await list('select title_key from movie_titles order by 1')).toEqual([
    'film 21',
    'film 22',
    'film 23',
    'film 24',
    'film 25',
  ]);
  expect(await list("select count(*)::int from movie_titles where words @@ '''=film23'''")).toEqual([1]);
  expect(await list('select name_key from person_names order by 1')).toEqual(['ada', 'zoe']);
  expect(await list('select count(*)::int from movie_titles where version < search_version()')).toEqual([0]);
});

test('what is of this folding is left alone', async () => {
  await putOldRows();
  await rebuild();
  const before = await list(
    'select xmin::text from movie_titles union all select xmin::text from person_names',
  );
  await rebuild();
  expect(
    await list('select xmin::text from movie_titles union all select xmin::text from person_names'),
  ).toEqual(before);
});

test('a shutdown ends it, and the rest is done by the next call', async () => {
  await putOldRows();
  await expect(rebuild(AbortSignal.abort())).rejects.toThrow();
  expect(await list("select count(*)::int from movie_titles where title_key = 'old'")).toEqual([5]);
});
