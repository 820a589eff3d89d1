import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { type Audience, audienceOf, visibleTo } from './audience.ts';

const at = (date: string) => Date.parse(`${date}T12:00:00Z`);

describe('the audience of a caller', () => {
  test.each<[string, string | null | undefined, string, Audience]>([
    ['nobody knows how old', null, '2026-06-15', null],
    ['a visitor', undefined, '2026-06-15', null],
    ['turns 13 today', '2013-06-15', '2026-06-15', 13],
    ['turns 13 tomorrow', '2013-06-16', '2026-06-15', 0],
    ['is 16', '2010-01-01', '2026-06-15', 14],
    ['turns 17 today', '2009-06-15', '2026-06-15', 17],
    ['turns 18 tomorrow', '2008-06-16', '2026-06-15', 17],
    ['turns 18 today', '2008-06-15', '2026-06-15', 18],
    ['is old', '1926-06-15', '2026-06-15', 18],
    ['was born on a leap day, the day before March', '2008-02-29', '2026-02-28', 17],
    ['was born on a leap day, in March', '2008-02-29', '2026-03-01', 18],
    ['was born on a leap day, on one', '2008-02-29', '2024-02-29', 14],
    ['is born today', '2026-06-15', '2026-06-15', 0],
  ])('%s', (_, dateOfBirth, today, audience) => {
    expect(audienceOf(dateOfBirth, at(today))).toBe(audience);
  });

  test('days are those of UTC', () => {
    expect(audienceOf('2008-06-15', Date.parse('2026-06-14T23:59:59.999Z'))).toBe(17);
    expect(audienceOf('2008-06-15', Date.parse('2026-06-15T00:00:00Z'))).toBe(18);
  });
});

describe('what is shown to whom', () => {
  let database: Database;
  const titles: [string | null, boolean | null][] = [
    [null, false],
    [null, null],
    [null, true],
    ['', false],
    ['G', false],
    ['NR', false],
    ['PG', false],
    ['PG-13', false],
    ['TV-14', false],
    ['R', false],
    ['TV-MA', false],
    ['NC-17', false],
    ['X', false],
    ['R', true],
  ];
  beforeAll(async () => {
    database = await testDatabase();
    for (const [index, [certification, adult]] of titles.entries())
      await database.pool.query(
        "insert into movies (tmdb_id, title, state, certification, adult) values ($1, 'T', 'detailed', $2, $3)",
        [index + 1, certification, adult],
      );
  });
  afterAll(() => database[Symbol.asyncDispose]());

  const shownTo = async (audience: Audience) => {
    const rows = await runStatement(
      database.pool,
      sql<{ certification: string | null; adult: boolean }>`
        select certification, adult from movies m where ${visibleTo('m', audience)} order by tmdb_id`,
    );
    return rows.map((row) => `${row.certification ?? 'none'}${row.adult ? ' adult' : ''}`);
  };
  const forAll = ['none', 'none', '', 'G', 'NR', 'PG'];
  const rated = ['PG-13', 'TV-14', 'R', 'TV-MA', 'NC-17', 'X'];

  test.each<[string, Audience, string[]]>([
    ['of unknown age all certifications, but no adult titles', null, [...forAll, ...rated]],
    ['a child what has no age', 0, forAll],
    ['from 13', 13, [...forAll, 'PG-13']],
    ['from 14', 14, [...forAll, 'PG-13', 'TV-14']],
    ['from 17, still a minor', 17, [...forAll, 'PG-13', 'TV-14', 'R', 'TV-MA']],
    ['an adult everything', 18, ['none', 'none', 'none adult', '', 'G', 'NR', 'PG', ...rated, 'R adult']],
  ])('%s', async (_, audience, shown) => {
    expect(await shownTo(audience)).toEqual(shown);
  });
});
