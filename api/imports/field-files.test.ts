import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { ImportList, ImportSource } from '#shared/users/user-import.ts';
import { costOver } from '#tests/support/cost-over.ts';
import { dayIn } from './day-values.ts';
import { parseHistory } from './parse-history.ts';
import { wordReason } from './word-reason.ts';

/** Small files in the shapes of real exports, each after a public report of trouble (`tests/field/README.md`). */
const folder = join(import.meta.dir, '../../tests/field');
const now = new Date('2026-03-04T05:06:07Z');
const parse = (source: ImportSource, text: string, list?: ImportList) =>
  parseHistory(text, { source, list, now });
const parseFile = async (name: string, source: ImportSource, list?: ImportList) =>
  parse(source, await Bun.file(join(folder, `${name}.csv`)).text(), list);
const titles = ({ rows }: Awaited<ReturnType<typeof parseHistory>>) =>
  rows.map(({ line, title, year }) => [line, title, year]);
const rowsOf = async (source: ImportSource, text: string) => (await parse(source, text)).rows;
const at = (day: string) => `${day}T10:00:00.000Z`;

describe('files from the field', () => {
  test('a list of Letterboxd’s: the table after the block', async () => {
    for (const list of ['watchlist', 'watched'] as const)
      expect(titles(await parseFile('i01-letterboxd-list-v7', 'letterboxd', list))).toEqual([
        [7, 'The Matrix', 1999],
        [8, 'Heat', 1995],
        [9, 'The Thing', 1982],
      ]);
    expect(await parseFile('i01-letterboxd-list-v7', 'letterboxd')).toMatchObject({
      list: 'watched',
      assumed: true,
    });
  });

  test('a description with quotation marks that nobody doubled costs nothing', async () => {
    const history = await parseFile('i02-imdb-stray-quote', 'imdb');
    expect(titles(history)).toEqual([
      [2, 'Fight Club', 1999],
      [3, 'Alien', 1979],
    ]);
    expect(history.rows[0]).toMatchObject({ rating: 9 });
    expect(wordReason(history.rows[0]?.reason ?? null)).toContain('quotation mark');
    expect(history.rows[1]?.reason).toBeNull();
    expect(history).toMatchObject({ list: 'watchlist', assumed: true });
    expect(history.rows[0]).toMatchObject({ at: at('2024-05-06'), rated_at: at('2024-05-07') });
  });

  test('a date with the day first', async () => {
    expect((await parseFile('i03-imdb-ratings-day-first', 'imdb')).rows[0]).toMatchObject({
      at: at('2019-07-25'),
      reason: null,
    });
  });

  test('check-ins look like a watchlist, and say that this was assumed', async () => {
    expect(await parseFile('i04-imdb-check-ins', 'imdb')).toMatchObject({ list: 'watchlist', assumed: true });
  });

  test('stars between halves stay between them', async () => {
    const { rows } = await parseFile('i06-stars-between-halves', 'letterboxd');
    expect(rows.map(({ rating }) => rating)).toEqual([7.5, 3.4]);
  });

  test('ids that went through a data frame', async () => {
    const { rows } = await parseFile('i07-ids-through-a-data-frame', 'letterboxd');
    expect(rows.map((row) => [row.given_tmdb_id, row.year, row.rating])).toEqual([
      [550, 1999, 9],
      [13, null, 8],
    ]);
  });

  test('entities, years in titles, directors', async () => {
    expect(titles(await parseFile('i09-entities', 'letterboxd'))).toEqual([
      [2, 'Pride & Prejudice', 2005],
      [3, "Schindler's List", 1993],
    ]);
    expect(titles(await parseFile('i10-year-in-the-title', 'letterboxd'))).toEqual([
      [2, 'Dune', 2021],
      [3, 'The Thing', 1982],
      [4, 'Heat', null],
    ]);
    const { rows } = await parseFile('i11-directors-tell', 'letterboxd');
    expect(rows.map(({ directors }) => directors)).toEqual(['M. Night Shyamalan', 'Adam Wingard']);
  });

  test('Excel’s first line, and a header in the middle', async () => {
    expect(titles(await parseFile('i12-excel-sep-line', 'letterboxd'))).toEqual([[3, 'Fight Club', 1999]]);
    expect(titles(await parseFile('i14-two-files-joined', 'letterboxd'))).toEqual([
      [2, 'Fight Club', 1999],
      [4, 'Heat', 1995],
    ]);
  });
});

describe('a day', () => {
  const readAlone = (text: string) => dayIn(text, undefined, now)?.toISOString().slice(0, 10);
  test.each([
    ['2019-07-25', '2019-07-25'],
    ['2019/7/25', '2019-07-25'],
    ['2019.07.25', '2019-07-25'],
    ['20190725', '2019-07-25'],
    ['2019-07-25 23:30:00', '2019-07-25'],
    ['2019-07-25T23:30:00-08:00', '2019-07-25'],
    ['2019-07-25T00:30:00+13:00', '2019-07-25'],
    ['25/07/2019', '2019-07-25'],
    ['25-07-2019 14:03', '2019-07-25'],
    ['25.7.2019', '2019-07-25'],
    ['03.04.2019', '2019-04-03'],
    ['07/25/2019', '2019-07-25'],
    ['7/25/2019 11:30 PM', '2019-07-25'],
    ['7/25/19', '2019-07-25'],
    ['05/05/2019', '2019-05-05'],
    ['25 July 2019', '2019-07-25'],
    ['25 Jul 2019', '2019-07-25'],
    ['25-Jul-2019', '2019-07-25'],
    ['Jul 25, 2019', '2019-07-25'],
    ['July 25th, 2019', '2019-07-25'],
    ['Thursday, July 25, 2019', '2019-07-25'],
    ['Thu Jul 25 10:11:12 2019', '2019-07-25'],
    ['Thu, 25 Jul 2019 10:11:12 GMT', '2019-07-25'],
    ['Sept 5, 2019', '2019-09-05'],
    ['25 juillet 2019', '2019-07-25'],
    ['25. Juli 2019', '2019-07-25'],
    ['25 de julio de 2019', '2019-07-25'],
    ['1564012800', '2019-07-25'],
    ['1564012800000', '2019-07-25'],
    ['1564012800000000', '2019-07-25'],
    ['1564012800000000000', '2019-07-25'],
    ['1564012800.0', '2019-07-25'],
    ['2019-07-25Z', '2019-07-25'],
    ['2019-07-25+02:00', '2019-07-25'],
    ['2019-07-25T23:30Z', '2019-07-25'],
    ['20190725T101112Z', '2019-07-25'],
    ['20190725101112', '2019-07-25'],
    ['2019-07-25_10-11-12', '2019-07-25'],
    ['2019-W30-4', '2019-07-25'],
    ['2019. 7. 25.', '2019-07-25'],
    ['25. 7. 2019', '2019-07-25'],
    ['25 / 07 / 2019', '2019-07-25'],
    ['25 07 2019', '2019-07-25'],
    ['25/7-2019', '2019-07-25'],
    ['14:03 25/07/2019', '2019-07-25'],
    ['le 25/07/2019', '2019-07-25'],
    ['25.07.2019 kl. 22.15', '2019-07-25'],
    ['2019–07–25', '2019-07-25'],
    ["'2019-07-25", '2019-07-25'],
    ['2019年7月25日', '2019-07-25'],
    ['2019年07月25日（木） 10:11', '2019-07-25'],
    ['2019년 7월 25일', '2019-07-25'],
    ['２０１９／０７／２５', '2019-07-25'],
    ['٢٥/٠٧/٢٠١٩', '2019-07-25'],
    ['25 июля 2019 г., 14:03', '2019-07-25'],
    ['25 липня 2019 р.', '2019-07-25'],
    ['25 Ιουλίου 2019', '2019-07-25'],
    ['2019. július 25.', '2019-07-25'],
    ['25 iulie 2019', '2019-07-25'],
    ["1 d'agost de 2019", '2019-08-01'],
    ['25 lis 2019', '2019-11-25'],
    ['25 ARALIK 2019', '2019-12-25'],
    ['25 Agustus 2019', '2019-08-25'],
    ['25 يوليو 2019', '2019-07-25'],
    ['25 जुलाई 2019', '2019-07-25'],
    ['25 ביולי 2019', '2019-07-25'],
    ['25 กรกฎาคม 2019', '2019-07-25'],
    ['mar. 25 juin 2019', '2019-06-25'],
    ['25 Temmuz 2019 Paz', '2019-07-25'],
    ['Thu, 25 Jul 2019 10:11:12 +0200', '2019-07-25'],
    ['Thu Jul 25 10:11:12 +0000 2019', '2019-07-25'],
    ['Thu Jul 25 2019 10:11:12 GMT+0200 (Central European Summer Time)', '2019-07-25'],
    ['July 25, 2019 at 10 PM', '2019-07-25'],
    ['25 juillet 2019 à 22h15', '2019-07-25'],
    ['25-Jul-19', '2019-07-25'],
    ["Jul 25, '19", '2019-07-25'],
    ['31-Dec-99', '1999-12-31'],
    ['99-Dec-31', '1999-12-31'],
    ['25JUL2019', '2019-07-25'],
    ['25.VII.2019', '2019-07-25'],
  ])('%s is read', (text, expected) => {
    expect(readAlone(text)).toBe(expected);
  });

  test.each([
    '03/04/2019',
    '25/07/19',
    '2019',
    '2019-07',
    'July 2019',
    'yesterday',
    '31/02/2019',
    '2019-13-01',
    '13/13/2019',
    '2019-02-30',
    '1850-01-01',
    '2031-01-01',
    '43671',
    '25/07',
    '1/2/3/2019',
    '0000-00-00',
    '29 Feb 2019',
    '32 Jul 2019',
    'July 19',
    'July 25-28, 2019',
    'Jul 25, 2019 - Aug 2, 2019',
    '1.2/2019',
    '12/11/10',
    'R1.7.25',
    '2019-W60-4',
    '99999999999',
    '#VALUE!',
  ])('%s is none that everybody reads alike', (text) => {
    expect(readAlone(text)).toBeUndefined();
  });

  test.each(['', ' ', 'NaN', 'None', 'N/A', '-'])('%p is nothing', (text) => {
    expect(dayIn(text, undefined, now)).toBeNull();
  });

  test('that could be two is read as its column is, where another one tells', async () => {
    const file = (...days: string[]) =>
      `Const,Your Rating,Date Rated\n${days.map((day, n) => `tt000000${n},9,${day}\n`).join('')}`;
    const days = async (...given: string[]) =>
      (await rowsOf('imdb', file(...given))).map(({ at: day }) => day?.slice(0, 10) ?? null);
    expect(await days('03/04/2019', '25/07/2019')).toEqual(['2019-04-03', '2019-07-25']);
    expect(await days('03/04/2019', '07/25/2019')).toEqual(['2019-03-04', '2019-07-25']);
    expect(await days('03/04/2019', '07/25/2019', '25/07/2019')).toEqual([null, '2019-07-25', '2019-07-25']);
    const [first] = await rowsOf('imdb', file('03/04/2019'));
    expect(first).toMatchObject({ at: null });
    expect(wordReason(first?.reason ?? null)).toContain('never replaces an opinion');
  });

  test('that cannot be read is not taken from another column', async () => {
    const [row] = await rowsOf('letterboxd', 'Date,Name,Watched Date\n2024-02-11,Heat,32/13/2024\n');
    expect(row).toMatchObject({ at: null, reason: expect.stringContaining('date') });
  });

  test.each(['Pacific/Honolulu', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo', 'Pacific/Auckland'])(
    'is the same in %s, in winter and in summer',
    async (timeZone) => {
      for (const day of ['2024-01-15', '2024-07-15']) {
        const [row] = await rowsOf('letterboxd', `Name,Date\nA,${day}\n`);
        const shown = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(row?.at ?? ''));
        expect(shown).toBe(day);
      }
    },
  );
});

describe('ratings', () => {
  const rated = async (column: string, value: string) =>
    (await rowsOf('letterboxd', `Name;${column}\nA;${value}\n`))[0]?.rating;
  test.each([
    ['★★★★½', 9],
    ['★★★★☆', 8],
    ['⭐⭐⭐', 6],
    ['½', 1],
    ['***', 6],
    ['4½', 9],
    ['4/5', 8],
    ['9/10', 9],
    ['80 %', 8],
    ['4 stars', 8],
    ['3.75', 7.5],
    ['3,99', 7.98],
    ['1.51', 3.02],
    ['4.5★', 9],
    ['★ 4,5', 9],
    ['★★★ ½', 7],
    ['3 1/2', 7],
    ['1/2', 1],
    ['7 out of 10', 7],
    ['4 von 5', 8],
    ['4.5/5.0', 9],
    ['85/100', 8.5],
    ['４', 8],
    ['٤', 8],
    ['="4"', 8],
    ['0/5', null],
    ['☆☆☆☆☆', null],
    ['0', null],
    ['NaN', null],
  ])('%s of five stars', async (value, points) => {
    expect(await rated('Rating', value)).toBe(points);
  });

  test.each([
    ['9.0', 9],
    ['7.9', 7.9],
    ['8/10', 8],
    ['★★★★', 8],
    ['9 ★', 9],
    ['8.5/10.0', 8.5],
    ['8,5', 8.5],
    ['', null],
  ])('%s of ten points', async (value, points) => {
    expect(await rated('Rating10', value)).toBe(points);
  });

  test.each(['5.5', '★★★★★★', '0.2', 'good', '6/5'])(
    '%s is no rating, and the row says so',
    async (value) => {
      const [row] = await rowsOf('letterboxd', `Name;Rating\nA;${value}\n`);
      expect(row).toMatchObject({ rating: null, reason: expect.stringContaining('rating') });
    },
  );
});

describe('of which scale a column is, its ratings tell', () => {
  const read = async (header: string, ...values: string[]) =>
    (await rowsOf('letterboxd', `Name;${header}\n${values.map((it) => `A;${it}\n`).join('')}`)).map(
      ({ rating }) => rating,
    );
  test('ten points under the name of stars', async () => {
    expect(await read('Rating', '8', '4', '', '9,5', '★★★')).toEqual([8, 4, null, 9.5, 6]);
  });
  test('a hundred', async () => {
    expect(await read('Rating', '85', '40', '90', '7', '100')).toEqual([8.5, 4, 9, null, 10]);
  });
  test('one slip is no scale', async () => {
    expect(await read('Rating', '45', '4', '3.5')).toEqual([null, 8, 7]);
    expect(await read('Rating', '7', '4', '3.5')).toEqual([null, 8, 7]);
    expect(await read('Rating', ...Array.from({ length: 20 }, () => '4'), '8', '8')).toContain(8);
  });
  test('Simkl’s and Trakt’s own, though all of them are low', async () => {
    expect(await read('Rating;SIMKL_ID', '4;1', '2;2')).toEqual([4, 2]);
    expect(await read('rating;trakt_id', '4;1')).toEqual([4]);
  });
  test('what stands beside “Your Rating” is everybody’s', async () => {
    expect(await read('Rating;Your Rating', '3.9;8', '4.1;')).toEqual([8, null]);
    expect((await parse('letterboxd', 'Name,Rating,Your Rating\nA,3.9,\n')).assumed).toBeTrue();
  });
});

describe('ids', () => {
  const ids = async (tmdb: string, imdb: string) => {
    const [row] = await rowsOf('letterboxd', `Name\ttmdbID\timdbID\nA\t${tmdb}\t${imdb}\n`);
    return [row?.given_tmdb_id, row?.given_imdb_id, row?.status, row?.reason];
  };
  test.each([
    ['550.0', 'tt0137523'],
    ['550,0', ' tt 0137523 '],
    ['550\u00a0', 'TT0137523'],
    ['#550', '137523'],
    ['https://www.themoviedb.org/movie/550-fight-club', 'https://www.imdb.com/title/tt0137523/'],
    ['themoviedb.org/movie/550?language=de', 'https://m.imdb.com/de/title/tt0137523/reviews?ref_=x'],
    ['550', '137523.0'],
    ['550.00', 'tt00137523'],
    ['tmdb:550', 'imdb:tt0137523'],
    ['movie/550', 'title/tt0137523'],
    ['tmdb://movie/550', 'imdb://title/tt0137523'],
    ['="550"', '="tt0137523"'],
    ["'550", "'0137523"],
    ['５５０', 'ｔｔ0137523'],
    ['=HYPERLINK("https://www.themoviedb.org/movie/550";"x")', '[x](https://imdb.com/title/tt0137523)'],
  ])('%s and %s', async (tmdb, imdb) => {
    expect(await ids(tmdb, imdb)).toEqual([550, 'tt0137523', 'pending', null]);
  });

  test.each([
    ['nan', 'None'],
    ['', ' '],
    ['-', 'N/A'],
  ])('%p and %p are none', async (tmdb, imdb) => {
    expect(await ids(tmdb, imdb)).toEqual([null, null, 'pending', null]);
  });

  test.each([
    ['550.5', 'nm0000093'],
    ['5e2', 'tt12'],
    ['1,000', 'tt0137523 tt0078748'],
    ['1.000', 'x'],
    ['-550', 'att0137523'],
  ])('%p and %p cannot be read, and the row says so', async (tmdb, imdb) => {
    expect(await ids(tmdb, imdb)).toEqual([null, null, 'pending', expect.stringContaining('id')]);
  });

  test('a link to television is no movie', async () => {
    const [, , status, reason] = await ids('https://www.themoviedb.org/tv/1396-breaking-bad', '');
    expect([status, reason]).toEqual(['not_found', expect.stringContaining('television')]);
  });

  test('without Const, IMDb’s link tells', async () => {
    const [row] = await rowsOf('imdb', 'Title,URL\nA,https://www.imdb.com/title/tt0137523/\nB,x\n');
    expect(row).toMatchObject({ given_imdb_id: 'tt0137523', reason: null });
  });
});

describe('quotation marks that stand alone', () => {
  const header = 'Name,Year,Review';
  const read = async (...lines: string[]) =>
    (await rowsOf('letterboxd', [header, ...lines, 'Last,2003,'].join('\n'))).map((row) => [
      row.line,
      row.title,
      row.year,
      row.status,
    ]);
  const last = (line: number) => [line, 'Last', 2003, 'pending'];

  test.each([
    ['an opening one', 'A,2001,"never closed'],
    ['one at the title', '"A,2001,fine'],
    ['one inside', 'A,2001,he said "wow" and left'],
    ['some in a quoted cell', 'A,2001,"he said "wow" and left"'],
    ['one before a comma in a quoted cell', 'A,2001,"he said "wow", and left"'],
    ['one before a blank', 'A,2001,"wow" he said'],
    ['a closing one', 'A,2001,never opened"'],
    ['one in the size of a screen', 'A,2001,a 5" screen'],
    ['a backslash before them', 'A,2001,"he said \\"wow\\" and left"'],
  ])('%s cost no other row', async (_, line) => {
    expect(await read('First,2000,', line, 'Next,2002,"a ""good"" one"')).toEqual([
      [2, 'First', 2000, 'pending'],
      [3, 'A', 2001, 'pending'],
      [4, 'Next', 2002, 'pending'],
      last(5),
    ]);
  });

  test('two rows that each lack a mark are two rows', async () => {
    expect(await read('A,2001,"one', 'B,2002,"two', 'C,2003,"three"')).toEqual([
      [2, 'A', 2001, 'pending'],
      [3, 'B', 2002, 'pending'],
      [4, 'C', 2003, 'pending'],
      last(5),
    ]);
  });

  test('reviews of several lines, with marks and commas in them, stay whole', async () => {
    expect(
      await read('A,2001,"first line,', 'with, commas', '', 'and ""marks"", too"', 'B,2002,"x', 'y"'),
    ).toEqual([[2, 'A', 2001, 'pending'], [6, 'B', 2002, 'pending'], last(8)]);
  });

  test('a row whose columns cannot be told apart is told with its own line', async () => {
    const rows = await rowsOf(
      'letterboxd',
      `Name,Review,Year\nGood,"x\ny",2000\n"b"a"d, "very", bad", so, ",2001\nNext,,2002\n`,
    );
    expect(rows.map(({ line, status }) => [line, status])).toEqual([
      [2, 'pending'],
      [4, 'not_found'],
      [5, 'pending'],
    ]);
    expect(wordReason(rows[1]?.reason ?? null)).toContain('quotation mark');
  });

  test('a file that was cut off within a review keeps its last row', async () => {
    const rows = await rowsOf('letterboxd', `${header}\nA,2001,"it begins\nand goes on`);
    expect(rows.map(({ line, title }) => [line, title])).toEqual([[2, 'A']]);
  });

  test('far down in a file the line is the true one', async () => {
    const before = 'Film,1999,"two\nlines"\n'.repeat(400);
    const rows = await rowsOf('letterboxd', `${header}\n${before}Bad,2000,"wow" he said\nLast,2001,\n`);
    expect(rows.slice(-2).map(({ line, title, reason }) => [line, title, reason === null])).toEqual([
      [802, 'Bad', false],
      [803, 'Last', true],
    ]);
  });
});

describe('what stands around the table', () => {
  test('Letterboxd’s list without its first line, and two lists joined', async () => {
    const text = await Bun.file(join(folder, 'i01-letterboxd-list-v7.csv')).text();
    const former = text
      .slice(text.indexOf('\n') + 1)
      .replace('Position,Name,Year,URL,Description', 'Position,Name,Year,URL');
    expect(titles(await parse('letterboxd', former)).map(([, title]) => title)).toEqual([
      'The Matrix',
      'Heat',
      'The Thing',
    ]);
    expect((await parse('letterboxd', `${text}\r\n${text}`)).rows).toHaveLength(6);
  });

  test.each([
    'Letterboxd list export\nDate,Name,URL,Description\n2013-01-01,Mine,https://x,text\n\nPosition,Name,Year,URL\n1,Heat,1995,x\n',
    'Date,Name,URL,Description\n2013-01-01,Mine,https://x,text\n\nPosition,Name,Year,URL\n1,Heat,1995,x\n',
    'Position,Name,Year,URL,Description\n1,Heat,1995,https://x,\n',
    'Letterboxd list export v7,,,,\nDate,Name,Tags,URL,Description\n2013-01-01,Mine,,x,\n,,,,\nPosition,Name,Year,URL\n1,Heat,1995,x\n',
  ])('lists of other years: %p', async (text) => {
    expect((await rowsOf('letterboxd', text)).map(({ title }) => title)).toEqual(['Heat']);
  });

  test('a list without films is refused, and not taken for a film', async () => {
    const text = 'Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-03-09,Empty,,https://x,\n';
    const error = await parse('letterboxd', text).catch((it: unknown) => it);
    expect(error).toMatchObject({ details: [{ message: 'has a header but no rows' }] });
  });

  test('a title above the header', async () => {
    const { rows } = await parse('letterboxd', 'My films, all of them\n\nName,Year\nHeat,1995\n');
    expect(rows.map(({ line, title }) => [line, title])).toEqual([[4, 'Heat']]);
  });

  test.each([
    ['sep=;', 'sep=;\nName;Year\nHeat, the film;1995\n'],
    ['sep=tab', 'sep=\t\r\nName\tYear\r\nHeat, the film\t1995\r\n'],
    ['a mark before sep', '\ufeffsep=;\nName;Year\nHeat, the film;1995\n'],
    ['sep in quotes', '"sep=;"\nName;Year\nHeat, the film;1995\n'],
    ['tabs alone', 'Name\tYear\nHeat, the film\t1995\n'],
    ['a bar', 'sep=|\nName|Year\nHeat, the film|1995\n'],
  ])('%s', async (_, text) => {
    expect((await parse('letterboxd', text)).rows[0]).toMatchObject({ title: 'Heat, the film', year: 1995 });
  });

  test('a second header in another order, after a mark of its own', async () => {
    const rows = await rowsOf('letterboxd', 'Name,Year\nA,2001\n\ufeffYear,Date,Name\n2002,2024-01-01,B\n');
    expect(rows.map(({ title, year }) => [title, year])).toEqual([
      ['A', 2001],
      ['B', 2002],
    ]);
  });
});

describe('titles', () => {
  const read = async (title: string, year = '') => {
    const [row] = await rowsOf('letterboxd', `Name\tYear\n${title}\t${year}\n`);
    return [row?.title, row?.year];
  };
  test.each([
    ['Dune (2021)', '', 'Dune', 2021],
    ['Dune [2021]', '', 'Dune', 2021],
    ['Dune (2021 film)', '', 'Dune', 2021],
    ['The Visit (I) (2015)', '', 'The Visit', 2015],
    ['Dune (2021)', '2021', 'Dune', 2021],
    ['Dune (2021)', '2020', 'Dune', 2020],
    ['Dune (2021)', '1984', 'Dune (2021)', 1984],
    ['Death Race 2000 (1975)', '', 'Death Race 2000', 1975],
    ['Blade Runner 2049', '', 'Blade Runner 2049', null],
    ['2001: A Space Odyssey', '', '2001: A Space Odyssey', null],
    ['(500) Days of Summer', '', '(500) Days of Summer', null],
    ['(2021)', '', '(2021)', null],
    ['Dune（2021）', '', 'Dune', 2021],
    ['Dune (film, 2021)', '', 'Dune', 2021],
    ['The Visit (2015/I)', '', 'The Visit', 2015],
    ['Duel (1971) (TV)', '', 'Duel', 1971],
    ['2012 (2009)', '', '2012', 2009],
    ['Matrix, The', '1,999', 'The Matrix', 1999],
    ['Usual Suspects, The (1995)', '', 'The Usual Suspects', 1995],
    ['Boot, Das', '１９８１', 'Das Boot', 1981],
    ["Avventura, L'", '1960', "L'Avventura", 1960],
    ['Good, the Bad and the Ugly, The', '1966', 'The Good, the Bad and the Ugly', 1966],
    ['Hello, I', '', 'Hello, I', null],
    ['Crouching Tiger, Hidden Dragon', '', 'Crouching Tiger, Hidden Dragon', null],
    ['="Heat"', '="1995"', 'Heat', 1995],
    ['"=HYPERLINK(""https://x"";""Heat"")"', '1995', 'Heat', 1995],
  ])('%s and %p', async (title, year, expected, expectedYear) => {
    expect(await read(title, year)).toEqual([expected, expectedYear]);
  });

  test.each([
    ['Pride &amp; Prejudice', 'Pride & Prejudice'],
    ['Schindler&#039;s List', "Schindler's List"],
    ['Schindler&#x27;s List', "Schindler's List"],
    ['Schindler&amp;#039;s List', "Schindler's List"],
    ['Am&eacute;lie', 'Amélie'],
    ['WALL&middot;E', 'WALL·E'],
    ['Tom &quot;Jerry&quot;', 'Tom "Jerry"'],
    ['A&nbsp;B', 'A\u00a0B'],
    ['R&B; a film', 'R&B; a film'],
    ['A & B', 'A & B'],
    ['&#0;x', '\ufffdx'],
  ])('%s', async (title, expected) => {
    expect((await read(title))[0]).toBe(expected);
  });
});

test('another title in brackets is the original one', async () => {
  const rows = await rowsOf(
    'letterboxd',
    'movieId,title\n1,"City of Lost Children, The (Cité des enfants perdus, La) (1995)"\n2,Seven (a.k.a. Se7en) (1995)\n3,Birdman (The Unexpected Virtue)\n',
  );
  expect(rows.map((row) => [row.title, row.original_title])).toEqual([
    ['The City of Lost Children', 'La Cité des enfants perdus'],
    ['Seven', 'Se7en'],
    ['Birdman (The Unexpected Virtue)', null],
  ]);
});

describe('files from elsewhere', () => {
  test('a title with commas and no marks is whole again where its year tells', async () => {
    const rows = await rowsOf(
      'letterboxd',
      'Date,Name,Year,Letterboxd URI\n2024-01-01,Good, the Bad and the Ugly, The,1966,u\n2024-01-01,Jaws,1975,u,x,1999\n',
    );
    expect(rows.map((row) => [row.title, row.year])).toEqual([
      ['The Good, the Bad and the Ugly', 1966],
      ['Jaws', 1975],
    ]);
    expect(rows[0]?.reason).not.toBeNull();
  });

  test.each(['show', 'episode', 'season', 'tv', 'anime'])(
    '%s is no movie, and the row says so',
    async (type) => {
      const [row] = await rowsOf('letterboxd', `type,title,year,tmdb,imdb\n${type},A,2008,1396,tt0903747\n`);
      expect(row).toMatchObject({ status: 'not_found', given_tmdb_id: 1396, given_imdb_id: 'tt0903747' });
      expect(wordReason(row?.reason ?? null)).toBe(`The file calls it “${type}”, not a movie.`);
    },
  );

  test('the day of a rating as IMDb called it in 2017', async () => {
    const [row] = await rowsOf('imdb', 'Const,Your Rating,Date Added,Title\ntt0137523,9,2015-01-31,A\n');
    expect(row).toMatchObject({ rating: 9, at: at('2015-01-31') });
  });

  test('one of each source, joined', async () => {
    const letterboxd = 'Date,Name,Year,Letterboxd URI,Rating\n2024-02-13,Jaws,1975,u,3\n';
    const imdb = 'Const,Your Rating,Date Rated,Title\ntt0113277,8,2024-02-13,Heat\n';
    for (const [source, text] of [
      ['letterboxd', letterboxd + imdb],
      ['imdb', imdb + letterboxd],
    ] as const) {
      const rows = (await rowsOf(source, text)).toSorted((a, b) =>
        (a.title ?? '').localeCompare(b.title ?? ''),
      );
      expect(rows.map((row) => [row.title, row.given_imdb_id, row.rating])).toEqual([
        ['Heat', 'tt0113277', 8],
        ['Jaws', null, 6],
      ]);
    }
  });

  test.each([
    ['bars', 'Name|Year\nHeat|1995\n'],
    ['line ends of Unicode', 'Name,Year\u2028Heat,1995\u2028'],
    ['line ends of mainframes', 'Name,Year\u0085Heat,1995\u0085'],
    ['a comma within Excel’s marks', 'Year,Name\n1995,="Heat, the film"\n'],
  ])('%s', async (_, text) => {
    expect((await rowsOf('letterboxd', text))[0]).toMatchObject({
      title: expect.stringContaining('Heat'),
      year: 1995,
    });
  });
});

test('a cell without end holds nobody up', async () => {
  const long = `2019 ${' '.repeat(100_000)}x(`;
  const plain = `2019 ${'a'.repeat(100_000)}x(`;
  const headers = [
    'Date,Name',
    'Rating,Name',
    'Rating10,Name',
    'tmdbID,Name',
    'imdbID,Name',
    'Year,Name',
    'Name,Date',
  ];
  const readAll = (cell: string) => async () => {
    for (const header of headers) {
      const [row] = await rowsOf('letterboxd', `${header}\n"${cell}",A\n`);
      expect([header, row?.reason !== null]).toEqual([header, !header.startsWith('Year')]);
    }
  };
  const ratio = await costOver({ work: readAll(long), plain: readAll(plain), enough: 10 });
  expect(ratio).toBeLessThan(10);
});
