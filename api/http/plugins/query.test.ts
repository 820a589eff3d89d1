import { expect, test } from 'bun:test';
import { RelatedQuery } from '../../movies/model.ts';
import { TrendingQuery } from '../../trending/model.ts';
import { parseQuery } from './query.ts';

const pathsOf = (text: string) =>
  TrendingQuery.safeParse(parseQuery(text)).error?.issues.map((it) => it.path.join('.'));

test('values are taken as they are: no commas split, no JSON parsed', () => {
  expect({ ...parseQuery('a=x,y&b=%5B1%5D&c=p+q%2B&d&e=') }).toEqual({
    a: 'x,y',
    b: '[1]',
    c: 'p q+',
    d: '',
    e: '',
  });
});

test('what is not given has its default', () => {
  expect(TrendingQuery.parse(parseQuery(''))).toEqual({ window: 'week', page: 1, limit: 20 });
});

test('what nobody knows is refused by name, once, and along with every other fault', () => {
  expect(pathsOf('utm=1&utm=2&limit=0')).toEqual(['limit', 'utm']);
  expect(pathsOf('__proto__=1&constructor=1')?.toSorted()).toEqual(['"__proto__"', 'constructor']);
  expect(pathsOf('%E0%A4=3')).toHaveLength(1);
});

test('pages reach 10,000 rows into a list, and no further', () => {
  for (const reached of ['page=100&limit=100', 'page=500', 'page=10000&limit=1'])
    expect([reached, pathsOf(reached)]).toEqual([reached, undefined]);
  for (const beyond of ['page=101&limit=100', 'page=501', 'page=10001&limit=1', 'page=1000000000'])
    expect([beyond, pathsOf(beyond)]).toEqual([beyond, ['page']]);
});

test('a parameter given twice is refused', () => {
  expect(pathsOf('limit=5&limit=6')).toEqual(['limit']);
  expect(pathsOf('window=day&window=day')).toEqual(['window']);
});

test('numbers are plain decimal digits within their bounds', () => {
  for (const limit of [
    '0',
    '101',
    '-1',
    '1.5',
    '1e1',
    '0x10',
    '',
    '%20',
    '%00',
    '%ED%A0%80',
    '99999999999999999999',
  ])
    expect(pathsOf(`limit=${limit}`)).toEqual(['limit']);
  expect(RelatedQuery.parse(parseQuery('limit=100'))).toEqual({ limit: 100 });
});

test('every fault is told at once', () => {
  expect(pathsOf('limit=0&page=0&window=month')).toEqual(['window', 'page', 'limit']);
});
