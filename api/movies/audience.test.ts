import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { runStatement } from '#shared/db/run-statement.ts';
import { prepared, sql } from '#shared/db/sql.ts';
import type { Database } from '#shared/orm/database.ts';
import { testDatabase } from '#tests/support/database.ts';
import { type Audience, audienceOf, visibleTo } from './audience.ts';

const at = (date: string) => Date.parse(`${date}T12:00:00Z`);

describe('the audience of a caller', () => {
  test.each<[string, string | null | undefined, string, number | null]>([
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
  ])('%s', (_, dateOfBirth, today, age) => {
    const caller = dateOfBirth === undefined ? undefined : { dateOfBirth, country: null };
    expect(audienceOf(caller, at(today))).toEqual({ age, country: null });
  });

  test('days are those of UTC', () => {
    const caller = { dateOfBirth: '2008-06-15', country: null };
    expect(audienceOf(caller, Date.parse('2026-06-14T23:59:59.999Z')).age).toBe(17);
    expect(audienceOf(caller, Date.parse('2026-06-15T00:00:00Z')).age).toBe(18);
  });

  test('a country counts for those whom its certifications may hide something from, with every age', () => {
    const of = (dateOfBirth: string | null, country: string) =>
      audienceOf({ dateOfBirth, country }, at('2026-06-15'));
    expect(of('2011-06-15', 'DE')).toEqual({ age: 15, country: 'DE' });
    expect(of('2011-06-15', 'US')).toEqual({ age: 14, country: null });
    expect(of('2007-06-15', 'KR')).toEqual({ age: 19, country: 'KR' });
    expect(of('1980-06-15', 'DE')).toEqual({ age: 18, country: null });
    expect(of(null, 'DE')).toEqual({ age: null, country: null });
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

  test.each<[string, number | null, string[]]>([
    ['of unknown age all certifications, but no adult titles', null, [...forAll, ...rated]],
    ['a child what has no age', 0, forAll],
    ['from 13', 13, [...forAll, 'PG-13']],
    ['from 14', 14, [...forAll, 'PG-13', 'TV-14']],
    ['from 17, still a minor', 17, [...forAll, 'PG-13', 'TV-14', 'R', 'TV-MA']],
    ['an adult everything', 18, ['none', 'none', 'none adult', '', 'G', 'NR', 'PG', ...rated, 'R adult']],
  ])('%s', async (_, age, shown) => {
    for (const country of [null, 'DE']) expect(await shownTo({ age, country })).toEqual(shown);
  });

  test('the country’s own certification counts where there is one that says something', async () => {
    const { pool } = database;
    const rate = (tmdbId: number, age: number | null) =>
      pool.query(
        `insert into movie_releases (movie_id, country, certification, min_age)
         select id, 'DE', 'x', $2 from movies where tmdb_id = $1`,
        [tmdbId, age],
      );
    // Milder than in the US, stricter than there, nothing that is known, and one without any there.
    await rate(10, 12);
    await rate(5, 16);
    await rate(8, null);
    await rate(1, 6);
    const idsFor = async (audience: Audience) => {
      const rows = await runStatement(
        pool,
        sql<{ tmdb_id: number }>`
        select tmdb_id from movies m where ${visibleTo('m', audience)} order by tmdb_id`,
      );
      const prepared = await runStatement(pool, visibleStatement(audience));
      expect(prepared).toEqual(rows);
      return rows.map((row) => row.tmdb_id);
    };
    expect(await idsFor({ age: 12, country: 'DE' })).toEqual([1, 2, 4, 6, 7, 10]);
    expect(await idsFor({ age: 5, country: 'DE' })).toEqual([2, 4, 6, 7]);
    expect(await idsFor({ age: 16, country: 'DE' })).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10]);
    expect(await idsFor({ age: 12, country: 'FR' })).toEqual([1, 2, 4, 5, 6, 7]);
    expect(await idsFor({ age: 14, country: null })).toEqual([1, 2, 4, 5, 6, 7, 8, 9]);
    await pool.query('delete from movie_releases');
  });
});

const visibleStatement = prepared<Audience, { tmdb_id: number }>(
  'test-visible',
  ({ age, country }) => sql`
    select tmdb_id from movies m where ${visibleTo('m', { age, country })} order by tmdb_id`,
);
