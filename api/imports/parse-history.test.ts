import { describe, expect, test } from 'bun:test';
import { NexusError } from '#shared/errors.ts';
import type { ImportList, ImportSource } from '#shared/users/user-import.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { longestHold } from '#tests/support/longest-hold.ts';
import { turnsDuring } from '#tests/support/turns-during.ts';
import { maxHistoryRows } from './collect-rows.ts';
import { parseHistory } from './parse-history.ts';

const now = new Date('2026-03-04T05:06:07Z');
const parse = (source: ImportSource, text: string, list?: ImportList) =>
  parseHistory(text, { source, list, now });
/** A day that a file names stays that day from Honolulu to the Chatham Islands. */
const day = (date: string) => `${date}T10:00:00.000Z`;

async function refusal(source: ImportSource, text: string) {
  const error = await parse(source, text).catch((e: unknown) => e);
  if (!(error instanceof NexusError)) throw new Error('it was taken');
  return { code: error.code, ...error.details?.[0] };
}

/** Of its rows, what is not empty. */
async function rowsOf(source: ImportSource, text: string, list?: ImportList) {
  const { rows } = await parse(source, text, list);
  return rows.map(({ same_as: _, ...row }) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  );
}

const uri = 'https://boxd.it/2a9q';
const imdbHeader =
  'Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors';

describe('what Letterboxd exports', () => {
  test('watched.csv, which looks like a watchlist: watched is assumed', async () => {
    const text = `Date,Name,Year,Letterboxd URI\n2024-02-11,Fight Club,1999,${uri}\n`;
    expect(await parse('letterboxd', text)).toMatchObject({ list: 'watched', assumed: true });
    expect(await parse('letterboxd', text, 'watchlist')).toMatchObject({ list: 'watchlist', assumed: false });
    expect(await rowsOf('letterboxd', text)).toEqual([
      { line: 2, status: 'pending', title: 'Fight Club', year: 1999, at: day('2024-02-11') },
    ]);
  });

  test('ratings.csv, in halves of five stars', async () => {
    const text = `Date,Name,Year,Letterboxd URI,Rating\n2024-02-11,A,1999,${uri},4.5\n2024-02-12,B,2001,${uri},0.5\n2024-02-12,C,2001,${uri},\n`;
    expect(await parse('letterboxd', text)).toMatchObject({ list: 'ratings', assumed: false });
    expect((await rowsOf('letterboxd', text)).map(({ rating }) => rating)).toEqual([9, 1, undefined]);
  });

  test('diary.csv and reviews.csv: the day it was watched counts, not the day it was written down', async () => {
    const text = [
      'Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date',
      `2024-02-11,"Crouching Tiger, Hidden Dragon",2000,${uri},5,Yes,"It has`,
      'two lines and ""quotes"".","a, b",2024-02-09',
      `2024-02-12,Next,2001,${uri},,,,,`,
    ].join('\r\n');
    expect(await parse('letterboxd', text)).toMatchObject({ list: 'watched', assumed: false });
    expect(await rowsOf('letterboxd', text)).toEqual([
      {
        line: 2,
        status: 'pending',
        title: 'Crouching Tiger, Hidden Dragon',
        year: 2000,
        rating: 10,
        at: day('2024-02-09'),
      },
      { line: 4, status: 'pending', title: 'Next', year: 2001, at: day('2024-02-12') },
    ]);
  });

  test('likes/films.csv, when the caller says so', async () => {
    const text = `Date,Name,Year,Letterboxd URI\n2024-02-11,Fight Club,1999,${uri}\n`;
    expect(await parse('letterboxd', text, 'likes')).toMatchObject({ list: 'likes', assumed: false });
  });

  test('its import format, with ids', async () => {
    const text =
      'tmdbID,imdbID,Title,Year,Rating10,WatchedDate\n550,tt0137523,Fight Club,1999,9,2020-01-02\n';
    expect(await rowsOf('letterboxd', text)).toEqual([
      {
        line: 2,
        status: 'pending',
        title: 'Fight Club',
        year: 1999,
        given_tmdb_id: 550,
        given_imdb_id: 'tt0137523',
        rating: 9,
        at: day('2020-01-02'),
      },
    ]);
  });
});

describe('what IMDb exports', () => {
  test('ratings.csv', async () => {
    const text = `${imdbHeader}\ntt0137523,10,2015-01-31,Fight Club,Fight Club,https://x,Movie,8.8,139,1999,"Drama",2500000,1999-10-15,David Fincher\n`;
    expect(await parse('imdb', text)).toMatchObject({ list: 'ratings', assumed: false });
    expect(await rowsOf('imdb', text)).toEqual([
      {
        line: 2,
        status: 'pending',
        title: 'Fight Club',
        original_title: 'Fight Club',
        year: 1999,
        directors: 'David Fincher',
        given_imdb_id: 'tt0137523',
        rating: 10,
        at: day('2015-01-31'),
      },
    ]);
  });

  test('watchlist.csv: the day it was put there counts, and a rating makes it no other list', async () => {
    const text =
      'Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,Year,Your Rating,Date Rated\n1,tt0137523,2019-05-06,2019-05-07,,Fight Club,Fight Club,https://x,Movie,1999,9,2020-01-01\n';
    expect(await parse('imdb', text)).toMatchObject({ list: 'watchlist', assumed: true });
    expect((await rowsOf('imdb', text))[0]).toMatchObject({ at: day('2019-05-06') });
  });

  test('as it did years ago', async () => {
    const header =
      '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating","Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"';
    const row = (rated: string) =>
      `"1","tt0137523","Sat Jan 31 00:00:00 2015","","","Fight Club","Feature Film","David Fincher","${rated}","8.8","139","1999","drama","1","1999-10-15","http://x"`;
    expect(await parse('imdb', `${header}\n${row('9')}`)).toMatchObject({ list: 'ratings', assumed: true });
    expect(await parse('imdb', `${header}\n${row('9')}\n${row('')}`)).toMatchObject({
      list: 'watchlist',
      assumed: true,
    });
    expect((await rowsOf('imdb', `${header}\n${row('9')}`))[0]).toMatchObject({
      at: day('2015-01-31'),
      rating: 9,
    });
  });

  test.each([
    'TV Series',
    'tvSeries',
    'TV Mini Series',
    'tvMiniSeries',
    'Mini-Series',
    'TV Episode',
    'tvEpisode',
    'Video Game',
    'videoGame',
    'Podcast Series',
  ])('%s is no movie, and the row says so', async (kind) => {
    const [row] = await rowsOf('imdb', `Const,Title,Title Type,Year\ntt0137523,Some Title,${kind},1999\n`);
    expect(row).toMatchObject({ status: 'not_found', reason: expect.stringContaining(kind) });
  });

  test.each(['Movie', 'movie', 'TV Movie', 'tvMovie', 'Short', 'Video', 'TV Special', 'Feature Film', ''])(
    '%p may be one',
    async (kind) => {
      const [row] = await rowsOf('imdb', `Const,Title,Title Type,Year\ntt0137523,Some Title,${kind},1999\n`);
      expect(row).toMatchObject({ status: 'pending' });
    },
  );
});

describe('ways of writing it', () => {
  const expected = [{ line: 2, status: 'pending', title: 'Amélie', year: 2001 }];
  test.each([
    ['a byte order mark', '\ufeffName,Year\nAmélie,2001\n'],
    ['CRLF', 'Name,Year\r\nAmélie,2001\r\n'],
    ['old line ends', 'Name,Year\rAmélie,2001\r'],
    ['no last line end', 'Name,Year\nAmélie,2001'],
    ['another order and case', 'YEAR,name\n2001,Amélie\n'],
    ['semicolons', 'Name;Year\nAmélie;2001\n'],
    ['tabs', 'Name\tYear\nAmélie\t2001\n'],
    ['quotes and spaces', '"Name" , "Year"\n "Amélie" , 2001 \n'],
    ['columns nobody knows', 'Name,Mood,Year\nAmélie,good,2001\n'],
    ['missing and surplus cells', 'Name,Year,Rating,Tags\nAmélie,2001\n,,,,,,\n\n'],
  ])('%s', async (_, text) => {
    expect(await rowsOf('letterboxd', text)).toEqual(expected);
  });

  test('rows that name a movie in the same words are linked to the first of them', async () => {
    const text =
      'Name,Year,Rating,imdbID\nA,2001,1,\nB,2001,,\nA,2001,5,\nA,2002,,\nA,2001,,tt0000001\n,,,\nA,2001,,\n';
    const { rows } = await parse('letterboxd', text);
    expect(rows.map(({ line, same_as }) => [line, same_as])).toEqual([
      [2, 2],
      [3, 3],
      [4, 2],
      [5, 5],
      [6, 6],
      [8, 2],
    ]);
  });

  test('lines are counted through empty ones and through quoted line ends', async () => {
    const text = 'Name,Review,Year\n\nA,"x\r\ny\r\nz",2001\n\nB,,2002\nC "the" D,,2003\n';
    expect((await rowsOf('letterboxd', text)).map(({ line, title }) => [line, title])).toEqual([
      [3, 'A'],
      [7, 'B'],
      [8, 'C "the" D'],
    ]);
  });
});

describe('a bad row is told as such, and the others stand', () => {
  test.each([
    ['neither title nor id', ',1999', { status: 'not_found', reason: expect.stringContaining('neither') }],
    [
      'a title without end',
      `${'x'.repeat(501)},1999`,
      { status: 'not_found', reason: expect.stringContaining('500') },
    ],
    ['an impossible rating', 'A,1999,7', { status: 'pending', reason: expect.stringContaining('rating') }],
    [
      'a rating that is none',
      'A,1999,good',
      { status: 'pending', reason: expect.stringContaining('rating') },
    ],
    [
      'a date that is none',
      'A,1999,,2024-02-31',
      { status: 'pending', reason: expect.stringContaining('date') },
    ],
    ['a date to come', 'A,1999,,2026-03-06', { status: 'pending', reason: expect.stringContaining('date') }],
    ['an id that is none', 'A,1999,,,0', { status: 'pending', reason: expect.stringContaining('id') }],
  ])('%s', async (_, row, expected) => {
    const rows = await rowsOf(
      'letterboxd',
      `Name,Year,Rating,Date,tmdbID\n${row}\nGood,2000,4,2020-01-01,7\n`,
    );
    expect(rows[0]).toMatchObject(expected);
    expect(rows[1]).toMatchObject({ title: 'Good', rating: 8, at: day('2020-01-01'), given_tmdb_id: 7 });
  });

  test('a day that has begun elsewhere in the world is today', async () => {
    expect((await rowsOf('letterboxd', 'Name,Date\nA,2026-03-05\n'))[0]).toMatchObject({
      at: now.toISOString(),
    });
  });
});

describe('a file is refused as a whole, and told what is wanted', () => {
  test.each([
    ['empty', '', 'body', 'Name'],
    ['only spaces', ' \n\n', 'body', 'Name'],
    ['a header and nothing else', 'Date,Name,Year,Letterboxd URI\n', 'body', 'no rows'],
    ['JSON', '{"movies":[1,2]}', 'body', 'Name'],
    ['what has a NUL in it', 'Name\r\nGood\nA\0b\n', 'body', 'line 3'],
    ['a table of something else', 'Street,Town\nA,B\n', 'body', 'Name'],
    ['IMDb’s', `${imdbHeader}\ntt0137523,10\n`, 'source', 'source=imdb'],
  ])('%s', async (_, text, path, message) => {
    expect(await refusal('letterboxd', text)).toEqual({
      code: 'invalid_input',
      path,
      message: expect.stringContaining(message),
    });
  });

  test('one of Letterboxd’s as IMDb’s', async () => {
    expect(await refusal('imdb', `Name,Letterboxd URI\nA,${uri}\n`)).toMatchObject({
      path: 'source',
      message: expect.stringContaining('source=letterboxd'),
    });
  });

  test('one with a row too many', async () => {
    const rows = (count: number) => `Name\n${'A\n'.repeat(count)}`;
    expect((await parse('letterboxd', rows(maxHistoryRows))).rows.length).toBe(maxHistoryRows);
    expect(await refusal('letterboxd', rows(maxHistoryRows + 1))).toMatchObject({
      message: expect.stringContaining('50,000'),
    });
  });
});

describe('a row far longer than any real one fails alone, with its true line, and holds nobody up', () => {
  const length = 1024 * 1024;
  test.each([
    ['a cell', `A,"${'x'.repeat(length)}"`],
    ['a cell of ten', `A,${'x'.repeat(9 * length)}`],
    ['cells', ','.repeat(length)],
    ['quotation marks', `A,"${'""'.repeat(length / 2)}"`],
    ['marks out of place', '"\t'.repeat(length / 2)],
    ['blanks', ' '.repeat(length)],
    ['a cell of many lines, each too long', `A,"${`${'x'.repeat(length)}\r\n`.repeat(2)}"`],
  ])('%s', async (_, row) => {
    const text = `Name,Review\r\nB,x\r\n${row}\r\nC,"y\r\ny"\r\nD,\r\n`;
    const read = async () => {
      const rows = await rowsOf('letterboxd', text);
      const lines = text.split('\r\n');
      expect(rows[0]).toMatchObject({ line: 2, title: 'B', status: 'pending' });
      expect(rows[1]).toMatchObject({
        line: 3,
        status: 'not_found',
        reason: expect.stringContaining('128 KiB'),
      });
      const after = [lines.indexOf('C,"y') + 1, lines.indexOf('D,') + 1];
      expect(rows.slice(-2)).toMatchObject([
        { line: after[0], title: 'C' },
        { line: after[1], title: 'D' },
      ]);
    };
    // At once it was 900.
    expect(await leastOf(() => longestHold(read), { enough: 250, rounds: 10 })).toBeLessThan(250);
  });
});

test('others are served while a large file is read', async () => {
  const text = `Name,Year,Review\n${`Some Title,1999,"${'x'.repeat(150)}"\n`.repeat(maxHistoryRows)}`;
  const turns = await turnsDuring(() => parse('letterboxd', text));
  expect(turns).toBeGreaterThan(50);
});
