import { expect, test } from 'bun:test';
import { isBlank, textOf } from './is-blank.ts';

test.each(['', ' ', '\n\t', '\u00a0', '\u200b', null, 5, undefined])('%j is no text', (value) => {
  expect(textOf(value)).toBeNull();
});

test('any other text stays as it is', () => {
  for (const text of [' a ', '.', '~', '!', '\u007fa', '\u200ba', 'ア', '𝕏']) expect(textOf(text)).toBe(text);
});

test('a character of ASCII is blank where it is space or control', () => {
  for (let code = 0; code < 0x80; code++)
    expect([code, isBlank(String.fromCharCode(code))]).toEqual([code, code <= 0x20 || code === 0x7f]);
});
