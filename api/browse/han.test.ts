import { afterAll, beforeAll, expect, test } from 'bun:test';
import { migrateDatabase } from '#shared/orm/database.ts';
import { openTestApi, type TestApi } from '#tests/support/api/api-fixture.ts';
import { idsOf, type ListAnswer, putMovies } from '#tests/support/api/browse-fixture.ts';
import { rebuildSearchRows } from '#worker/movies/rebuild-search-rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  // As TMDb writes them: titles of a country, originals, names, collections.
  await putMovies(api.pool, [
    { tmdb_id: 550, title: 'Fight Club' },
    { tmdb_id: 146, title: 'Crouching Tiger, Hidden Dragon', original_title: '臥虎藏龍' },
    { tmdb_id: 535167, title: 'The Wandering Earth', original_title: '流浪地球' },
    { tmdb_id: 10775, title: 'Infernal Affairs', original_title: '無間道', cast: [1, 2] },
    { tmdb_id: 18148, title: 'Tokyo Story', original_title: '東京物語' },
  ]);
  await api.pool.query(`
    insert into movie_translations (movie_id, language, title)
    select m.id, t.language, t.title from (values
      (550, 'zh-TW', '鬥陣俱樂部'), (550, 'zh-CN', '搏击俱乐部'), (550, 'zh-HK', '搏擊會')) as t (tmdb_id, language, title)
    join movies m using (tmdb_id)`);
  await api.pool.query(`
    insert into movie_alternative_titles (movie_id, position, title)
    select id, 1, '流浪地球：飛躍2020特別版' from movies where tmdb_id = 535167`);
  await api.pool.query("update people set name = case id when 1 then '梁朝偉' else '张国荣' end");
  await api.pool.query("insert into collections (id, name) values (1, '無間道系列')");
  await api.pool.query('update movies set collection_id = 1 where tmdb_id = 10775');
  await api.pool.query("insert into keywords (id, name) values (1, '黑社會')");
});
afterAll(() => api[Symbol.asyncDispose]());

const search = async (query: string) =>
  idsOf((await (await api.get(`/api/movies?query=${encodeURIComponent(query)}`)).json()) as ListAnswer);

test.each([
  ['斗阵俱乐部', 550],
  ['鬥陣俱樂部', 550],
  ['搏擊俱樂部', 550],
  ['搏击俱乐部', 550],
  ['搏击会', 550],
  ['卧虎藏龙', 146],
  ['臥虎藏龍', 146],
  ['流浪地球 飞跃', 535167],
  ['无间道', 10775],
  ['東京物語', 18148],
  ['东京物语', 18148],
])('a title is found in simplified and in traditional writing: %s', async (query, id) => {
  expect((await search(query))[0]).toBe(id);
});

test.each([
  ['梁朝伟', 1],
  ['梁朝偉', 1],
  ['張國榮', 2],
  ['张国荣', 2],
])('so is a name: %s', async (query, id) => {
  const answer = await api.get(`/api/people?query=${encodeURIComponent(query)}`);
  expect((await answer.json()).data.map((person: { id: number }) => person.id)).toEqual([id]);
});

test('so are collections and keywords', async () => {
  const answer = await api.get(`/api/search?query=${encodeURIComponent('无间道系列')}`);
  expect((await answer.json()).data.collections.map(({ id }: { id: number }) => id)).toEqual([1]);
  const { rows } = await api.pool.query(
    "select id from keywords where words @@ to_tsquery('simple', translate(search_text('黑社会'), ' ', '&'))",
  );
  expect(rows).toEqual([{ id: 1 }]);
});

test('what was mirrored before is written again, and nothing else', async () => {
  const { orm } = api.database;
  await orm.migrator.down({ to: 'Migration20261128113000_person_name_at_once' });
  const rebuild = () => rebuildSearchRows({ em: orm.em.fork(), signal: new AbortController().signal });
  await rebuild();
  expect(await search('卧虎')).toEqual([]);
  await migrateDatabase(api.database);
  const { rows } = await api.pool.query(
    `select array_agg(m.tmdb_id order by m.tmdb_id) as old from movie_titles t join movies m on m.id = t.movie_id
     where t.version < search_version()`,
  );
  expect(rows).toEqual([{ old: [146, 10775, 18148] }]);
  await rebuild();
  expect((await search('卧虎 '))[0]).toBe(146);
  expect((await search('斗阵'))[0]).toBe(550);
});
