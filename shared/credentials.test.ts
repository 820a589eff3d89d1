import { expect, test } from 'bun:test';
import { Name, Password } from './credentials.ts';

const complaintsOf = (schema: typeof Name | typeof Password, text: string) =>
  (schema.safeParse(text).error?.issues ?? []).map(({ message }) => message);

test.each([
  ['a password', Password, 'must have 8 to 128 characters'],
  ['a name', Name, 'must have 1 to 255 characters'],
])('%s of a wrong length, or with broken characters, is told just that, in no time', (_, schema, message) => {
  complaintsOf(schema, 'x'.repeat(10));
  for (const character of ['\u200b', '\u0301', 'ﷺ', '\u202e', 'nexus ']) {
    const text = `a${character.repeat(1_000_000 / character.length)}b`;
    const before = process.cpuUsage();
    expect(complaintsOf(schema, text)).toEqual([message]);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(15);
  }
  expect(complaintsOf(schema, '')).toEqual([message]);
  expect(complaintsOf(schema, '\ud800'.repeat(3))).toEqual(['must not contain NUL or broken characters']);
});
