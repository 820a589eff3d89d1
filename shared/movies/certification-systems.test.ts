import { expect, test } from 'bun:test';
import { strictestIn } from './certification-systems.ts';

test.each([
  ['DE', 'FSK 16', 16],
  ['DE', 'ab 16 Jahren', 16],
  ['DE', 'keine Jugendfreigabe', 18],
  ['DE', 'o.A.', 0],
  ['DE', 'TV-MA', 17],
  ['DE', 'PG-13', 13],
  ['GB', '12a', 12],
  ['GB', 'X', 18],
  ['GB', 'Uc', 0],
  ['AU', 'MA', 15],
  ['AU', 'R', 18],
  ['KR', '청소년 관람불가', 19],
  ['KR', '15세이상관람가', 15],
  ['HK', 'Category III', 18],
  ['HK', 'Cat. IIB', 15],
  ['SG', 'R(A)', 21],
  ['IN', 'U/A 16+', 16],
  ['FR', 'Interdit aux moins de 16 ans', 16],
  ['JP', 'R-18', 18],
  ['IT', 'V.M. 14', 14],
  ['TW', '限制級', 18],
  ['CA', 'R', 18],
  ['ZA', 'Adults only', 18],
  ['ZA', 'R', 17],
] as const)('%s: %s is from %d', (country, given, age) => {
  expect(strictestIn(country, [given])).toEqual({ certification: given, age });
  expect(strictestIn(country, ['NR', given, ''])).toEqual({ certification: given, age });
});

test.each(['NR', 'Unrated', 'CTC', 'ungeprüft', 'TBA', '-', ''])('%p says nothing anywhere', (given) => {
  for (const country of ['US', 'DE', 'AU', 'ZA']) expect(strictestIn(country, [given])).toBeNull();
});
