import { expect, test } from 'bun:test';
import { textOf } from './is-blank.ts';

test.each(['', ' ', '\n\t', '\u00a0', '\u200b', null, 5, undefined])('%j is no text', (value) => {
  expect(textOf(value)).toBeNull();
});

test('any other text stays as it is', () => {
  for (const text of [' a ', '.', 'ア', '𝕏']) expect(textOf(text)).toBe(text);
});
