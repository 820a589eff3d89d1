import { expect, test } from 'bun:test';
import { Password } from './credentials.ts';
import { weaknessOf } from './weak-password.ts';

test.each([
  ...[
    'password',
    'Password1',
    'PASSWORD123',
    'qwertyuiop',
    '12345678',
    ' iloveyou ',
    'ｐａｓｓｗｏｒｄ',
    'trustno1',
  ],
])('%j is one of the most common', (password) => {
  expect(weaknessOf(password)).toBe('is one of the most common passwords');
  expect(Password.safeParse(password).success).toBe(false);
});

test.each(['princess12', 'babygirl1', 'iloveyou!', 'letmein!', '1princess', '!!!football', 'Michael.01'])(
  '%j is one of the most common with something added',
  (password) => expect(weaknessOf(password)).toBe('is one of the most common passwords'),
);

test.each([
  ...[
    'aaaaaaaa',
    '00000000',
    '12341234',
    'qweqweqwe',
    '12121212',
    'qwertyqwerty',
    '        ',
    '!!!!!!!!',
    '🦄🦄🦄🦄',
  ],
  ...[
    'abcdefgh',
    'ABCDEFGH',
    '87654321',
    '0987654321',
    '01234567',
    '22227777',
    'aaa11111',
    'abcd4321',
    'zyxwvuts',
  ],
])('%j is the same signs again and again, or a row of them', (password) => {
  expect(weaknessOf(password)).toBe('must not be the same signs again and again, or a row of them');
});

const ownWords = 'must not be made of words like nexus, movie, admin and password alone';

test.each([
  ...['projectnexus', 'Project Nexus', 'nexus2026', 'Nexus!!!', 'nexusnexus', 'nexus-movies'],
  ...['Project-Movie!', 'moviesfilms', 'tmdb12345678', 'NexusAdmin1', 'administrator!1', 'Password-2026!'],
])('%j is made of words of this service', (password) => {
  expect(weaknessOf(password)).toBe(ownWords);
});

test('the words that are refused are those that the documentation lists', async () => {
  const text = await Bun.file(new URL('../docs/security.md', import.meta.url)).text();
  const [, listed = ''] =
    /made of these words: ([^:]*?), also with digits/.exec(text.replaceAll('\n', ' ')) ?? [];
  const words = [...listed.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
  expect(words.length).toBeGreaterThan(8);
  for (const word of words) expect([word, weaknessOf(`${word}-${word}-77`)]).toEqual([word, ownWords]);
});

test.each(['ada.lovelace@example.org', 'ADA.Lovelace@example.org', 'ada.lovelace', 'adalovelace1'])(
  '%j is too much like the email',
  (password) => {
    expect(weaknessOf(password, 'ada.lovelace@example.org')).toBe('must not be your email address');
    expect(weaknessOf(password)).toBeUndefined();
  },
);

test('others are fine, also in other scripts', () => {
  for (const password of [
    'correct horse',
    'battery staple',
    'nexus of evil',
    'kitten2947',
    'hello goodbye hello',
    'abcd-7531-xyz',
    '2468-horses',
    'ada likes horses',
    'пароль мой 7',
    '🦄🐎🐴🦓🐮🐷🐭🐹',
  ])
    expect([password, weaknessOf(password, 'ada@example.org')]).toEqual([password, undefined]);
});
