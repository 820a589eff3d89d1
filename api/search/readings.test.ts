import { describe, expect, test } from 'bun:test';
import { cleanQuery } from './clean-query.ts';
import { equalWords } from './equal-words.ts';
import { beginPatterns, equalKeys } from './match-query.ts';
import { ordinal, roman, spelled, spelledOrdinal, withDigits } from './number-words.ts';

const asked = (key: string) => ({
  pieces: key.split(' ').map((word) => [word]),
  key,
  whole: `=${key.replaceAll(' ', '')}`,
});

describe('a query is read as a title would be written', () => {
  test.each([
    ['the.matrix.1999', 'the matrix 1999'],
    ['The.Matrix.1999.1080p.BluRay.x264-GROUP', 'The Matrix 1999'],
    ['the_matrix_1999', 'the matrix 1999'],
    ['the-matrix-1999', 'the matrix 1999'],
    ['the+matrix', 'the matrix'],
    ['the%20matrix', 'the matrix'],
    ['Matrix, The', 'The Matrix'],
    ['matrix, the (1999)', 'the matrix (1999)'],
    ['Blade.Runner.1982.Final.Cut.720p', 'Blade Runner 1982'],
    ['2012.2009.720p.mp4', '2012 2009'],
    ['Amelie.2001.FRENCH.1080p', 'Amelie 2001'],
    ['e.t.the.extra-terrestrial.1982', 'e.t the extra-terrestrial 1982'],
    ['matrix 1080p', 'matrix'],
    // What only looks like it stays.
    ['s.w.a.t.', 's.w.a.t.'],
    ['wall-e', 'wall-e'],
    ['spider-man', 'spider-man'],
    ['1080p', '1080p'],
    ['final cut', 'final cut'],
    ['mr. nobody', 'mr. nobody'],
    ['8.5', '8.5'],
    ['', ''],
  ])('%p is %p', (query, clean) => {
    expect(cleanQuery(query)).toBe(clean);
  });
});

test.each([
  [0, 'zero', 'zeroth', '0th'],
  [1, 'one', 'first', '1st'],
  [12, 'twelve', 'twelfth', '12th'],
  [13, 'thirteen', 'thirteenth', '13th'],
  [20, 'twenty', 'twentieth', '20th'],
  [22, 'twenty two', 'twenty second', '22nd'],
  [101, 'one hundred one', 'one hundred first', '101st'],
  [111, 'one hundred eleven', 'one hundred eleventh', '111th'],
  [1984, 'nineteen eighty four', 'nineteen eighty fourth', '1984th'],
  [20_000, 'twenty thousand', 'twenty thousandth', '20000th'],
])('%p in words and as an ordinal', (number, words, ordinalWords, short) => {
  expect([spelled(number), spelledOrdinal(number), ordinal(number)]).toEqual([words, ordinalWords, short]);
});

test('every number that has words is read from them again', () => {
  for (let number = 0; number < 2000; number++) {
    const words = spelled(number)?.split(' ');
    if (words !== undefined) expect([number, withDigits(words)]).toEqual([number, [String(number)]]);
  }
});

test.each([
  ['nine and a half weeks', '9 1 2 weeks'],
  ['one hundred and one dalmatians', '101 dalmatians'],
  ['twenty thousand leagues', '20000 leagues'],
  ['the forty year old', 'the 40 year old'],
  ['one two three', '1 2 3'],
  ['a hundred', 'a hundred'],
  ['and a half', 'and a half'],
])('%p is %p', (words, digits) => {
  expect(withDigits(words.split(' ')).join(' ')).toBe(digits);
});

test('roman numerals, as far as titles count', () => {
  expect([1, 4, 5, 9, 10, 14, 39].map(roman)).toEqual(['i', 'iv', 'v', 'ix', 'x', 'xiv', 'xxxix']);
});

test('a letter is a number behind a title, and itself where one begins', () => {
  expect(equalWords('v')).toContain('5');
  expect(equalWords('5')).toContain('v');
  expect(equalWords('v', true)).toEqual([]);
  expect(equalWords('5', true)).not.toContain('v');
  expect(equalWords('et', true)).toEqual([]);
});

test('letters that a keyboard lacks, and words that are spelled in two ways', () => {
  expect(equalWords('maedchen')).toEqual(['madchen']);
  expect(equalWords('colour')).toEqual(['color']);
  expect(equalWords('color')).toEqual(['colour']);
  expect(equalWords('four')).not.toContain('for');
});

test('the key as asked comes first, and there are never many', () => {
  expect(equalKeys(asked('dr no'))[0]).toBe('dr no');
  expect(equalKeys(asked('dr no'))).toContain('doctor no');
  expect(equalKeys(asked('fast furious'))).toContain('fast and furious');
  expect(equalKeys(asked('1 2 3 4 5 6 7 8')).length).toBeLessThanOrEqual(12);
  expect(equalKeys(asked(''))).toEqual([]);
});

test('what looks like a pattern is text', () => {
  expect(beginPatterns(asked('100%_'))[0]).toBe('100\\%\\_%');
});
