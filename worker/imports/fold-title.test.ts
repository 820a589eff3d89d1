import { afterAll, describe, expect, test } from 'bun:test';
import { foldedTitleSql } from '#shared/movies/folded-title-sql.ts';
import { testDatabase } from '#tests/support/database.ts';
import { foldTitle } from './fold-title.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

const titles: [title: string, folded: string][] = [
  ['Amélie', 'amelie'],
  ['Ame\u0301lie', 'amelie'],
  ['WALL·E', 'walle'],
  ['Fast & Furious', 'fastandfurious'],
  ['Fast and Furious', 'fastandfurious'],
  ['Schindler’s List', 'schindlerslist'],
  ["Schindler's List", 'schindlerslist'],
  ['L’Été – 1978', 'lete1978'],
  ['[REC]²', 'rec2'],
  ['Straße', 'strasse'],
  ['Æon Flux', 'aeonflux'],
  ['Sørensen', 'sorensen'],
  ['Łódź', 'lodz'],
  ['«Иваново Детство»', 'ивановодетство'],
  ['東京物語', '東京物語'],
  ['ば', 'ば'],
  ['は', 'は'],
  ['की', 'की'],
  ['...', '...'],
  ['  !  ', '!'],
];

describe('what people write in different ways is the same', () => {
  test.each(titles)('%s is %s', async (title, folded) => {
    expect(foldTitle(title)).toBe(folded);
    const { rows } = await database.pool.query(
      `select ${foldedTitleSql('t')} as folded from (values ($1::text)) v(t)`,
      [title],
    );
    expect(rows).toEqual([{ folded }]);
  });
});

test('a title that decomposes into a long one still fits the index', async () => {
  const title = '\ufdfa'.repeat(255);
  await database.pool.query(
    "insert into movies (tmdb_id, title, original_title, state) values (1, $1, 'x', 'listed')",
    [title],
  );
  const { rows } = await database.pool.query(
    `select tmdb_id from movies where ${foldedTitleSql('title')} = (select ${foldedTitleSql('t')} from (values ($1::text)) v(t))
     and state in ('listed', 'detailed')`,
    [title],
  );
  expect(rows).toEqual([{ tmdb_id: 1 }]);
});
