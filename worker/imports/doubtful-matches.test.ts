import { afterAll, afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { WireMovie } from '#sandbox/wire.ts';
import { testDatabase } from '#tests/support/database.ts';
import { emptyTables } from '#tests/support/empty-tables.ts';
import { type GivenRow, putImport, putInMirror, settledRows } from '#tests/support/import-history-fixture.ts';
import { jobContext } from '#tests/support/job-context.ts';
import { putUser } from '#tests/support/put-user.ts';
import { openSandboxClient } from '#tests/support/sandbox-client.ts';
import { importHistory, matchImport } from './import-history.ts';

const database = await testDatabase();
const { pool } = database;
const upstream = await openSandboxClient(pool, 300);
const { sandbox, tmdb } = upstream;
afterAll(async () => {
  await upstream[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
let userId = '';
beforeEach(async () => {
  userId = await putUser(pool);
});
afterEach(async () => {
  sandbox.clearChanges();
  sandbox.resetStats();
  await emptyTables(pool, 'movies', 'users', 'genres', 'people');
});

const imported = async (...rows: GivenRow[]) => {
  const importId = await putImport(pool, userId, 'watched', rows);
  await importHistory({ importId }, jobContext(database, { tmdb }));
  return settledRows(pool, importId);
};
const oneOf = async (row: GivenRow) => (await imported(row))[0];

interface AtTmdb extends Partial<WireMovie> {
  director?: string;
}

function putAtTmdb(id: number, { director, ...patch }: AtTmdb): void {
  const of = sandbox.catalogue.details(sandbox.catalogue.idAt(5), ['credits']);
  const [crew] = of?.credits?.crew ?? [];
  if (of === undefined || crew === undefined) throw new Error('the sandbox is empty');
  const directed = {
    ...crew,
    id: 900_000 + id,
    credit_id: `director-${id}`,
    job: 'Director',
    department: 'Directing',
  };
  sandbox.addMovie({
    ...of,
    imdb_id: null,
    credits: { cast: [], crew: director === undefined ? [] : [{ ...directed, name: director }] },
    ...patch,
    original_title: patch.original_title ?? patch.title ?? '',
    id,
  });
}

describe('a mirror that has a part of TMDb', () => {
  test('does not take its only namesake for the only one there is', async () => {
    await putInMirror(pool, 9301, { title: 'The Lantern Keeper', release_date: '2019-01-01' });
    putAtTmdb(9301, { title: 'The Lantern Keeper', release_date: '2019-01-01' });
    putAtTmdb(9302, { title: 'The Lantern Keeper', release_date: '2019-09-01' });
    const row = await oneOf({ title: 'The Lantern Keeper', year: 2019 });
    expect(row).toMatchObject({ status: 'ambiguous', tmdb_id: null });
    expect(row.candidates.toSorted()).toEqual([9301, 9302]);
  });

  test('has its own movie taken when TMDb knows no other', async () => {
    await putInMirror(pool, 9303, { title: 'Alone Here', release_date: '2019-01-01' });
    putAtTmdb(9303, { title: 'Alone Here', release_date: '2019-01-01' });
    expect(await oneOf({ title: 'Alone Here', year: 2019 })).toMatchObject({
      tmdb_id: 9303,
      matched_by: 'title',
    });
  });

  test('leaves titles to TMDb in its own lane, and settles ids there', async () => {
    await putInMirror(pool, 9303, { title: 'Alone Here', release_date: '2019-01-01' });
    const rows = [{ title: 'Alone Here', year: 2019 }, { given_tmdb_id: 9303 }];
    const importId = await putImport(pool, userId, 'watched', rows);
    await matchImport({ importId }, jobContext(database, {}));
    expect((await settledRows(pool, importId)).map(({ status }) => status)).toEqual(['pending', 'matched']);
    expect(sandbox.requests()).toEqual([]);
  });
});

describe('the year', () => {
  test.each([
    ['next to no votes against renown', 3, 5000, 'ambiguous'],
    ['no votes at all against some renown', 0, 120, 'ambiguous'],
    ['some votes against renown', 30, 20_000, 'ambiguous'],
    ['few against few', 3, 60, 'matched'],
    ['many against more', 900, 20_000, 'matched'],
  ])('that is exact, with %s one year off', async (_, exact, near, status) => {
    for (const off of [-1, 1]) {
      sandbox.clearChanges();
      putAtTmdb(9304, { title: 'Jahr um Jahr', release_date: '1990-01-01', vote_count: exact });
      putAtTmdb(9305, { title: 'Jahr um Jahr', release_date: `${1990 + off}-01-01`, vote_count: near });
      const row = await oneOf({ title: 'Jahr um Jahr', year: 1990 });
      expect(row).toMatchObject(
        status === 'matched' ? { status, tmdb_id: 9304 } : { status, candidates: [9305, 9304] },
      );
      await emptyTables(pool, 'movies');
    }
  });

  test('that is exact is found behind pages of others with the words in their titles', async () => {
    for (let n = 0; n < 70; n++)
      putAtTmdb(9400 + n, { title: `Haus ${n}`, release_date: '1970-01-01', popularity: 100 + n });
    putAtTmdb(9399, { title: 'Haus', release_date: '1990-01-01', popularity: 0.1 });
    expect(await oneOf({ title: 'Haus', year: 1990 })).toMatchObject({ status: 'matched', tmdb_id: 9399 });
  });
});

describe('an id', () => {
  beforeEach(() => {
    putAtTmdb(9310, {
      title: 'Mirror',
      original_title: 'Zerkalo',
      release_date: '1975-03-07',
      imdb_id: 'tt0072443',
    });
    putAtTmdb(9311, { title: 'Breaking Good', release_date: '2008-01-01', imdb_id: 'tt0903747' });
  });
  const row = { title: 'Breaking Good', year: 2008 };

  test.each([
    ['TMDb’s', { ...row, given_tmdb_id: 9310 }],
    ['IMDb’s', { ...row, given_imdb_id: 'tt0072443' }],
    ['TMDb’s, with another of IMDb’s', { given_tmdb_id: 9310, given_imdb_id: 'tt0903747', ...row }],
  ])('(%s) that title and year contradict is doubted, with both movies', async (_, given) => {
    for (const mirrored of [false, true]) {
      if (mirrored)
        await putInMirror(pool, 9310, { title: 'Mirror', release_date: '1975-03-07', imdb_id: 'tt0072443' });
      const doubted = await oneOf(given);
      expect(doubted).toMatchObject({ status: 'ambiguous', tmdb_id: null, candidates: [9310, 9311] });
      expect(doubted.reason).toContain('Mirror');
      await emptyTables(pool, 'movies');
    }
  });

  test.each([
    ['a translated title of the year', { given_tmdb_id: 9310, title: 'Der Spiegel', year: 1975 }],
    ['a translated title of the year after', { given_tmdb_id: 9310, title: 'Der Spiegel', year: 1976 }],
    ['the title with a year that is a bit off', { given_tmdb_id: 9310, title: 'The Mirror', year: 1978 }],
    ['the original title', { given_tmdb_id: 9310, title: 'Zerkalo', year: 1973 }],
    ['the row’s original title', { given_tmdb_id: 9310, title: 'X', original_title: 'Zerkalo', year: 1973 }],
    ['no year', { given_tmdb_id: 9310, title: 'Something Else' }],
    ['no title', { given_tmdb_id: 9310, year: 2008 }],
    ['a title with a slip', { given_tmdb_id: 9310, title: 'Miror', year: 1973 }],
  ])('with %s is believed', async (_, given) => {
    expect(await oneOf(given)).toMatchObject({ status: 'matched', tmdb_id: 9310 });
  });

  test('of an older film of the same title is doubted', async () => {
    putAtTmdb(9312, { title: 'Wüste', release_date: '1984-01-01' });
    putAtTmdb(9313, { title: 'Wüste', release_date: '2021-01-01' });
    expect(await oneOf({ given_tmdb_id: 9312, title: 'Wüste', year: 2021 })).toMatchObject({
      status: 'ambiguous',
      candidates: [9312, 9313],
    });
  });
});

describe('directors', () => {
  beforeEach(() => {
    putAtTmdb(9320, { title: 'Der Besuch', release_date: '2015-01-01', director: 'Night M. Shyamalan' });
    putAtTmdb(9321, { title: 'Der Besuch', release_date: '2015-06-01', director: 'Jørgen Ås' });
    putAtTmdb(9322, { title: 'Der Gast', release_date: '2014-06-01', director: 'Adam Wingard' });
  });
  test.each([
    [
      'tell namesakes of one year apart',
      { title: 'Der Besuch', year: 2015, directors: 'M. Night Shyamalan' },
      9320,
    ],
    ['are known without their accents', { title: 'Der Besuch', year: 2015, directors: 'Jorgen As' }, 9321],
    ['may be several', { title: 'Der Besuch', year: 2015, directors: 'Somebody Else, Jørgen Ås' }, 9321],
    ['may stand in another order', { title: 'Der Besuch', year: 2015, directors: 'Ås, Jørgen' }, 9321],
    ['tell where the row has no year', { title: 'Der Besuch', directors: 'Jørgen Ås' }, 9321],
    ['tell where the year is one off', { title: 'Der Besuch', year: 2014, directors: 'Jørgen Ås' }, 9321],
    ['agree with the only one', { title: 'Der Gast', year: 2014, directors: 'Adam Wingard' }, 9322],
  ])('%s', async (_, row, tmdbId) => {
    expect(await oneOf(row)).toMatchObject({ status: 'matched', tmdb_id: tmdbId });
  });

  test('of nobody’s film leave it in doubt, even where there is only one', async () => {
    expect(await oneOf({ title: 'Der Gast', year: 2014, directors: 'Jane Doe' })).toMatchObject({
      status: 'ambiguous',
      candidates: [9322],
    });
  });

  test('that TMDb does not know decide nothing', async () => {
    putAtTmdb(9323, { title: 'Ohne Namen', release_date: '2014-06-01' });
    expect(await oneOf({ title: 'Ohne Namen', year: 2014, directors: 'Jane Doe' })).toMatchObject({
      status: 'matched',
      tmdb_id: 9323,
    });
  });

  test('bring the details that TMDb was asked for', async () => {
    await oneOf({ title: 'Der Gast', year: 2014, directors: 'Adam Wingard' });
    const { rows } = await pool.query('select state from movies where tmdb_id = 9322');
    expect(rows).toEqual([{ state: 'detailed' }]);
  });
});

describe('a title with a slip of the finger', () => {
  beforeEach(async () => {
    await putInMirror(pool, 9330, { title: 'The Shawshank Redemption', release_date: '1994-09-23' });
    await putInMirror(pool, 9331, { title: 'Jaws', release_date: '1975-06-20' });
    await putInMirror(pool, 9332, { title: 'Fight Club', release_date: '1999-10-15' });
  });
  test.each([
    ['Shawshenk Redemtion', 1994, [9330]],
    ['The Shawshank Redempton', 1994, [9330]],
    ['Jwas', 1975, [9331]],
    ['Fihgt Club', 1999, [9332]],
    ['Figth Clbu', 1999, [9332]],
    ['Nothing Like It', 1999, null],
    ["O'Brien's \\ '", 1999, null],
  ])('%s is not found, and the likely ones are named', async (title, year, candidates) => {
    expect(await oneOf({ title, year })).toMatchObject({ status: 'not_found', tmdb_id: null, candidates });
  });
});

describe('a title by which the mirror knows a movie only elsewhere', () => {
  test.each([
    ['Stirb langsam', 1988, [9340]],
    ['stirb-langsam', 1989, [9340]],
    ['Nakatomi', 1988, [9340]],
    ['Stirb langsam', 2013, null],
  ])('%s of %p is not taken, and the movie is named', async (title, year, candidates) => {
    await putInMirror(pool, 9340, { title: 'Die Hard', release_date: '1988-07-15' });
    await pool.query(`
      insert into movie_translations (movie_id, language, title)
      select id, 'de-DE', 'Stirb langsam' from movies where tmdb_id = 9340;
      insert into movie_alternative_titles (movie_id, position, title)
      select id, 0, 'Nakatomi' from movies where tmdb_id = 9340`);
    expect(await oneOf({ title, year })).toMatchObject({ status: 'not_found', tmdb_id: null, candidates });
  });
});

describe('a title that is written in another way', () => {
  /** TMDb finds movies by other titles, too: here by what their original ones contain. */
  const putFoundAs = (id: number, title: string, year: number, found: string) =>
    putAtTmdb(id, { title, original_title: `${found} (working title)`, release_date: `${year}-06-15` });
  test.each([
    ['Haus am See 2', 'Haus am See II'],
    ['Haus am See Part 2', 'Haus am See II'],
    ['Haus am See II', 'Haus am See: Part Two'],
    ['Lantern House', 'The Lantern House'],
    ['12 Quiet Rooms', 'Twelve Quiet Rooms'],
    ['Moth and Flame: Volume II', 'Moth & Flame Vol. 2'],
    ['Moth versus Flame', 'Moth vs. Flame'],
    ['Doctor Lantern', 'Dr. Lantern'],
  ])('%s of its year is %s', async (title, called) => {
    putFoundAs(9350, called, 1979, title);
    expect(await oneOf({ title, year: 1979 })).toMatchObject({ status: 'matched', tmdb_id: 9350 });
  });

  test.each([
    ['another number', 'Haus am See 3', 1979, 'Haus am See II', null],
    ['another year', 'Haus am See 2', 1978, 'Haus am See II', null],
    ['a letter that begins it', 'V for Lantern', 1979, '5 for Lantern', [9350]],
    ['a part of it', 'Lantern', 1979, 'The Lantern House', [9350]],
  ])('%s is none', async (_, title, year, called, candidates) => {
    putFoundAs(9350, called, 1979, title);
    expect(await oneOf({ title, year })).toMatchObject({ status: 'not_found', tmdb_id: null });
    if (candidates !== null) expect((await oneOf({ title, year })).candidates).toEqual(candidates);
  });

  test('of two of the year is doubted', async () => {
    putFoundAs(9350, 'The Lantern House', 1979, 'Lantern House');
    putFoundAs(9351, 'A Lantern House', 1979, 'Lantern House');
    expect((await oneOf({ title: 'Lantern House', year: 1979 })).status).toBe('ambiguous');
  });
});
