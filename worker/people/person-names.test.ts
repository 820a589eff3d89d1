import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => emptyTables(database.pool, 'people', 'name_words'));

const run = async (text: string) => (await database.pool.query({ text, rowMode: 'array' })).rows;

/** Rows that are not what the person's own name and popularity make of it. */
const wrongNames = () =>
  run(`
    select p.id, n.name_key from people p left join person_names n on n.person_id = p.id
    where (n.name_key, n.words, n.renown, n.version) is distinct from (search_key(search_text(p.name)),
      array_to_tsvector(search_words(search_text(p.name))), person_renown(p.popularity), search_version())`);
const written = () => run('select person_id, xmin::text from person_names order by 1');
const writtenAnew = (before: unknown[][], after: unknown[][]) =>
  after.filter(([id, by]) => !before.some(([was, then]) => was === id && then === by)).map(([id]) => id);

const insertMany = () =>
  run(`
    insert into people (id, name, popularity) values
      (5, 'Zoë  Saldaña', 12), (3, 'R. D. Burman', 3), (9, '黒澤 明', null), (1, 'Zoë Kravitz', 0.5), (7, '!?', 2)`);

test('each person of a statement is found by its own name, and each word is kept once', async () => {
  await insertMany();
  expect(await wrongNames()).toEqual([]);
  expect(await run('select person_id, name_key, renown from person_names order by 1')).toEqual([
    [1, 'zoe kravitz', 0],
    [3, 'r d burman', 1],
    [5, 'zoe saldana', 2],
    [7, '!?', 1],
    [9, '黒 泽 明', 0],
  ]);
  await run("insert into people (id, name) values (11, 'Zoe Burman')");
  const words = (await run('select word from name_words')).flat();
  expect(words.sort()).toEqual(['burman', 'kravitz', 'saldana', 'zoe']);
});

test('of a statement that changes many, only names and renown that are others now are written', async () => {
  await insertMany();
  const before = await written();
  await run("update people set fetched_at = now(), popularity = popularity + 0.1, profile_path = '/a.jpg'");
  expect(writtenAnew(before, await written())).toEqual([]);
  await run("update people set name = case id when 5 then 'Zoe Perego' else name end, popularity = 2.5");
  expect(await wrongNames()).toEqual([]);
  expect(writtenAnew(before, await written())).toEqual([1, 5, 9]);
  expect((await run('select word from name_words')).flat()).toContain('perego');
});

test('an upsert writes the names of those it adds and of those it changes', async () => {
  await insertMany();
  const before = await written();
  await run(`
    insert into people as p (id, name, popularity) values (1, 'Lisa Bonet', 0.5), (2, 'Lenny Kravitz', 5), (3, 'R. D. Burman', 3)
    on conflict (id) do update set name = excluded.name, popularity = excluded.popularity`);
  expect(await wrongNames()).toEqual([]);
  expect(writtenAnew(before, await written())).toEqual([1, 2]);
});
