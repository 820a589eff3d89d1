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

test.each(['projectnexus', 'Project Nexus', 'nexus2026', 'Nexus!!!', 'nexusnexus', 'nexus-movies'])(
  '%j is the name of the service',
  (password) => {
    expect(weaknessOf(password)).toBe('must not be the name of this service');
  },
);

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
    'ada likes horses',
    'пароль мой 7',
    '🦄🐎🐴🦓🐮🐷🐭🐹',
  ])
    expect([password, weaknessOf(password, 'ada@example.org')]).toEqual([password, undefined]);
});
