import { expect, test } from 'bun:test';
import { secretSettings, settingNames } from './config.ts';
import { editsBetween, misspeltSettings } from './misspelt-settings.ts';

const hintsFor = (...names: string[]) =>
  misspeltSettings(
    Object.fromEntries(names.map((name) => [name, 'hidden value'])),
    settingNames,
    secretSettings,
  );

test.each([
  ['TMDB_ACESS_TOKEN', 'TMDB_ACCESS_TOKEN'],
  ['TMDB_API_KEYS', 'TMDB_API_KEY'],
  ['TMBD_API_KEY', 'TMDB_API_KEY'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['tmdb_access_token', 'TMDB_ACCESS_TOKEN'],
  ['MIRROR-SCOPE', 'MIRROR_SCOPE'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['port', 'PORT'],
  ['TMDB_TOKEN', 'TMDB_ACCESS_TOKEN'],
  ['TMDB_READ_ACCESS_TOKEN', 'TMDB_ACCESS_TOKEN'],
  ['TMDB_KEY', 'TMDB_API_KEY'],
  ['JWT_SECRETS_FILE', 'JWT_SECRET_FILE'],
])('%s is pointed at', (given, meant) => {
  expect(hintsFor(given)).toEqual([
    `${given} is not a setting of this service and has no effect. Did you mean ${meant}?`,
  ]);
});

test('what begins as only settings of ours do is pointed at, whatever was meant', () => {
  expect(hintsFor('TMDB_REGION')).toEqual([
    'TMDB_REGION is not a setting of this service and has no effect. docs/settings.md lists them all.',
  ]);
});

test('a file is named for a secret alone', () => {
  expect(hintsFor('PORT_FILE', 'ADMIN_EMAIL_FILE')).toEqual([
    'PORT_FILE has no effect: only a secret can stand in a file. Set PORT itself.',
    'ADMIN_EMAIL_FILE has no effect: only a secret can stand in a file. Set ADMIN_EMAIL itself.',
  ]);
});

test('nothing is said of settings of ours, of what is empty, and of what other programs read', () => {
  expect(hintsFor(...settingNames, ...secretSettings.map((name) => `${name}_FILE`))).toEqual([]);
  expect(misspeltSettings({ CORS_ORIGIN: '' }, settingNames, secretSettings)).toEqual([]);
  expect(
    hintsFor(
      'PATH',
      'HOME',
      'HOSTNAME',
      'SORT',
      'POST',
      'USER',
      'LANG',
      // gettext's, and set on many desktops.
      'LANGUAGE',
      'NEXUS_SERVICE_HOST',
      'NEXUS_PORT',
      'COMPOSE_FILE',
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
