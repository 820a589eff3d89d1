import { describe, expect, test } from 'bun:test';
import { chooseMovie, hasTitle } from './choose-movie.ts';
import type { Candidate } from './import-row.ts';

const movie = (tmdb_id: number, year: number | null): Candidate => ({
  tmdb_id,
  title: 'It',
  originalTitle: null,
  year,
  from: 'search',
});
const choose = (year: number | null, years: (number | null)[], complete = true) => {
  const candidates = years.map((of, place) => movie(place + 1, of));
  const settled = chooseMovie({ year, candidates, complete });
  if (settled?.status === 'matched') return settled.tmdbId;
  return settled?.status === 'ambiguous' ? settled.candidates.map(({ tmdb_id }) => tmdb_id) : settled;
};

describe('of the movies with the title', () => {
  test.each([
    ['the one of the year', 1990, [1990], 1],
    ['the one of the year, though others are near', 1990, [1989, 1990, 1991], 2],
    ['the one that is a year off', 1990, [1989], 1],
    ['the one that is a year off, though others are far', 1990, [1980, 1991], 2],
    ['none of two of the year', 1990, [1990, 1989, 1990], [1, 3]],
    ['none of two that are a year off', 1990, [1989, 1991], [1, 2]],
    ['none that is further off', 1990, [1988, 1992], undefined],
    ['none without a date', 1990, [null], undefined],
    ['none of none', 1990, [], undefined],
    ['without a year, the only one', null, [1990], 1],
    ['without a year, none of several', null, [1990, 2010], [1, 2]],
  ])('%s', (_, year, years, expected) => {
    expect(choose(year, years)).toEqual(expected);
  });

  test('without a year not even the only one, where there may be others', () => {
    expect(choose(null, [1990], false)).toEqual([1]);
  });
});

describe('a movie has a row’s title', () => {
  const row = { title: 'Spirited Away', original_title: 'Sen to Chihiro' };
  test.each([
    ['as its title', { title: 'SPIRITED AWAY!', originalTitle: null }, true],
    ['as its original title', { title: 'Chihiros Reise', originalTitle: 'spirited away' }, true],
    ['by the row’s original title', { title: 'Sen to Chihiro', originalTitle: null }, true],
    ['but not in part', { title: 'Spirited Away Again', originalTitle: 'Spirited' }, false],
  ])('%s', (_, movie, expected) => {
    expect(hasTitle(row, movie)).toBe(expected);
  });
});
