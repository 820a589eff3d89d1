import { describe, expect, test } from 'bun:test';
import { costOver } from '#tests/support/cost-over.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { longestHold } from '#tests/support/longest-hold.ts';
import { turnsDuring } from '#tests/support/turns-during.ts';
import type { CsvRecord } from './csv-record.ts';
import { parseHistory } from './parse-history.ts';
import { readCsv } from './read-csv.ts';

const cellsOf = async (text: string) => {
  const records: string[][] = [];
  for await (const { cells } of readCsv(text, { columns: 0 })) records.push(cells);
  return records;
};

const mebibyte = 1024 * 1024;
/** A row that is long, but not too long to be one. */
const longRow = (character: string) => [`${character.repeat(32 * 1024)}\n`] as const;
const options = { source: 'letterboxd', list: undefined, now: new Date() } as const;

describe('a large file holds nobody up', () => {
  const refused = (text: string) => async () => expect(await cellsOf(text).catch(String)).toBeString();

  // What is looked for stands at the end: found in one go, nobody would have had a turn.
  test.each([['\r'], ['\n'], ['\r\n'], ['a,b\r'], ['"\r"'], longRow(' '), longRow('\ufeff')])(
    'of %j',
    async (piece) => {
      const text = `${piece.repeat((2 * mebibyte) / piece.length)}\n\0`;
      expect(await turnsDuring(refused(text))).toBeGreaterThan(50);
    },
  );

  test('also where there are four', async () => {
    const text = `${'\r'.repeat(2 * mebibyte)}\0`;
    const turns = await turnsDuring(() => Promise.all(Array.from({ length: 4 }, refused(text))));
    expect(turns).toBeGreaterThan(100);
  });

  test.each([',', '="",', '\ufeff,', '"",'])(
    'of %j it keeps no more cells of a row than a table has',
    async (cell) => {
      const read = await cellsOf(`Name,Year\n${cell.repeat(20_000)}\nA Film,2000\n`);
      expect(read.map(({ length }) => length)).toEqual([2, 1000, 2]);
    },
  );

  test('what comes after the reading goes in slices, too', async () => {
    const text = `Name,Year,Rating\n${'A Film,2000,3.5\n'.repeat(20_000)}`;
    const reading = await turnsDuring(() => cellsOf(text));
    const all = await turnsDuring(() => parseHistory(text, options));
    expect(all - reading).toBeGreaterThan(60);
  });
});

test.each(['\r', '\n', ' '])(
  'of nothing but %j a file costs no more than of anything else',
  async (character) => {
    const reading = (piece: string) => {
      const text = piece.repeat(mebibyte);
      return () => cellsOf(text);
    };
    const ratio = await costOver({ work: reading(character), plain: reading(','), enough: 2 });
    expect(ratio).toBeLessThan(2);
  },
);

test('blank lines are counted', async () => {
  const lines: (number | undefined)[] = [];
  for (const ends of ['\r', '\n', '\r\n'])
    for await (const { line } of readCsv(`${ends.repeat(40_001)}a,b`, { columns: 0 })) lines.push(line);
  expect(lines).toEqual([40_002, 40_002, 40_002]);
});

describe('what patterns could look at again and again costs what other text does', () => {
  const rows = 1000;
  const parsing = (cells: string) => {
    const text = `Date,Name,Year,Rating\n${`${cells}\n`.repeat(rows)}`;
    return () => parseHistory(text, options);
  };
  const gap = (length: number) => `a${' '.repeat(length)}b`;

  test.each([
    ['a title', `,${gap(490)},,`, `,${'a'.repeat(492)},,`],
    ['a title in brackets', `,x (aka${gap(480)}(,,`, `,${'a'.repeat(492)},,`],
    ['a day', `${gap(290)},x,,`, `${'a'.repeat(292)},x,,`],
    ['a day within quotation marks', `x${"'".repeat(290)}x,x,,`, `${'a'.repeat(292)},x,,`],
    ['a day of many numbers', `${'1 '.repeat(149)},x,,`, `${'a'.repeat(292)},x,,`],
    ['a time of day', `1:11${gap(285)},x,,`, `${'a'.repeat(292)},x,,`],
    ['a rating', `,x,,${gap(290)}`, `,x,,${'a'.repeat(292)}`],
    ['a rating in brackets', `,x,,${'('.repeat(292)}`, `,x,,${'a'.repeat(292)}`],
    ['a rating in brackets of two lines', `,x,,"${'('.repeat(290)}\n)"`, `,x,,"${'a'.repeat(290)}\n)"`],
  ])('%s', async (_, dear, plain) => {
    const ratio = await costOver({ work: parsing(dear), plain: parsing(plain), enough: 4 });
    expect(ratio).toBeLessThan(4);
  });

  test('a row with stray quotation marks everywhere', async () => {
    const text = (cells: string) => `Name,Year\n${`,"${cells.repeat(40_000)}"x\n`.repeat(8)}`;
    const work = () => parseHistory(text('a",'), options).catch(String);
    const ratio = await costOver({ work, plain: () => cellsOf(text('aa,')), enough: 4 });
    expect(ratio).toBeLessThan(4);
  });
});

test('a character, a line end and a quoted cell may lie where two pieces meet', async () => {
  for (let shift = 0; shift < 4; shift++)
    for (const [written, read] of [
      ['🎬', '🎬'],
      ['"a\r\nb"', 'a\nb'],
      ['é\r\n🎬', undefined],
    ] as const) {
      const start = 'x'.repeat(16 * 1024 - 5 + shift);
      const records = await cellsOf(`Name,Note\r\n${start.slice(11)},${written}\r\nLast,one`);
      expect(records.at(-1)).toEqual(['Last', 'one']);
      if (read !== undefined) expect(records[1]).toEqual([start.slice(11), read]);
      else expect(records[2]).toEqual(['🎬']);
    }
});

test('a NUL is told with its line, wherever the pieces meet', async () => {
  for (const end of ['\n', '\r', '\r\n'])
    for (const lines of [1, 20_000, 50_001])
      expect(cellsOf(`${`a${end}`.repeat(lines)}b\0`)).rejects.toThrow(
        `line ${lines + 1} contains a NUL character`,
      );
});

describe('rows of marks whose ends are looked for in vain', () => {
  const columns = 950;
  const header = Array.from({ length: columns }, (_, at) => (at === 0 ? 'Name' : `c${at}`)).join(',');
  /** Of many columns: each way to read such a row is tried until one has as many cells. */
  const read = async (rows: string, size: number) => {
    const shape = { columns };
    const records: CsvRecord[] = [];
    for await (const record of readCsv(rows.repeat(Math.ceil(size / rows.length)), shape))
      records.push(record);
    return records;
  };

  test.each([
    ['one long row', `${'"a,'.repeat(40_000)}\n`],
    ['rows of a hundred marks', `${'"a,'.repeat(140)}\n`],
    ['marks at the end of a row', `${'"a,'.repeat(900)}${'"x'.repeat(50_000)}\n`],
    ['marks behind blanks', `${' "a ,'.repeat(24_000)}\n`],
    ['marks with blanks between', `${`"${' '.repeat(1000)}`.repeat(120)}\n`],
    ['cells of a spreadsheet', `${'="a,'.repeat(30_000)}\n`],
  ])('%s: nobody waits for it, nor does it take long', async (_, row) => {
    const reading = (rows: string, size: number) => async () =>
      expect(await read(rows, size)).not.toHaveLength(0);
    const holding = () => longestHold(reading(row, mebibyte / 4));
    expect(await leastOf(holding, { enough: 150, rounds: 5 })).toBeLessThan(150);
    const plain = reading('"a",'.repeat(30_000), mebibyte / 4);
    expect(await costOver({ work: reading(row, mebibyte / 4), plain, enough: 200 })).toBeLessThan(200);
  });

  test('are read as they stand, and what comes after them as it was meant', async () => {
    const rows = `${header}\n${'"a,'.repeat(20_000)}\n"A ""real"" one,\nin two lines",${'1,'.repeat(columns - 2)}2\n`;
    const records = await read(rows, rows.length);
    expect(records.map(({ cells }) => cells.length)).toEqual([columns, 1000, columns]);
    expect(records[1]).toMatchObject({ mended: true, line: 2 });
    expect(records[2]?.cells[0]).toBe('A "real" one,\nin two lines');
  });
});
