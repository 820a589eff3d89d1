import { expect, test } from 'bun:test';
import { matchesEtag } from './send-ready.ts';

test.each([
  ['W/"a"', true],
  ['"a"', true],
  ['*', true],
  ['W/"b", "c,d", W/"a"', true],
  ['W/"b"', false],
  ['a', false],
  ['', false],
])('%s against W/"a": %p', (header, matches) => {
  expect(matchesEtag(header, 'W/"a"')).toBe(matches);
});
