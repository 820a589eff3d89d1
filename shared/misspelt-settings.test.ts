import { expect, test } from 'bun:test';
import { settingNames } from './config.ts';
import { editsBetween, misspeltSettings } from './misspelt-settings.ts';

const hintsFor = (...names: string[]) =>
  misspeltSettings(Object.fromEntries(names.map((name) => [name, 'hidden value'])), settingNames);

test.each([
  ['TMDB_ACESS_TOKEN', 'TMDB_ACCESS_TOKEN'],
  ['TMDB_API_KEYS', 'TMDB_API_KEY'],
  ['TMBD_API_KEY', 'TMDB_API_KEY'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['tmdb_access_token', 'TMDB_ACCESS_TOKEN'],
  ['MIRROR-SCOPE', 'MIRROR_SCOPE'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['port', 'PORT'],
])('%s is pointed at', (given, meant) => {
  expect(hintsFor(given)).toEqual([
    `${given} is not a setting of this service and has no effect. Did you mean ${meant}?`,
  ]);
});

test('nothing is said of settings of ours, of what is empty, and of what other programs read', () => {
  expect(hintsFor(...settingNames)).toEqual([]);
  expect(misspeltSettings({ CORS_ORIGIN: '' }, settingNames)).toEqual([]);
  expect(
    hintsFor(
      'PATH',
      'HOME',
      'HOSTNAME',
      'SORT',
      'POST',
      'USER',
      'LANG',
      'http_proxy',
      'HTTP_PROXY',
      'PGPORT',
      'NODE_OPTIONS',
    ),
  ).toEqual([]);
});

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'ab', 1],
  ['abcd', 'abdc', 1],
  ['abcd', 'axcy', 2],
  ['abc', 'xyz', 3],
])('%p and %p are %d edits apart', (a, b, edits) => {
  expect(editsBetween(a, b)).toBe(edits);
  expect(editsBetween(b, a)).toBe(edits);
});
