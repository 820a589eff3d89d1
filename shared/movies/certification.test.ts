import { expect, test } from 'bun:test';
import { certificationAges, normalizeCertification, strictestCertification } from './certification.ts';

test.each([
  ['PG13', 'PG-13'],
  ['pg-13', 'PG-13'],
  ['PG 13', 'PG-13'],
  ['PG–13', 'PG-13'],
  ['ＰＧ－１３', 'PG-13'],
  ['PG-13 (language)', 'PG-13'],
  ['R ', 'R'],
  ['r', 'R'],
  ['Rated R', 'R'],
  ['Rated R for violence', 'R'],
  ['MPAA: R', 'R'],
  ['NC17', 'NC-17'],
  ['nc 17', 'NC-17'],
  ['X', 'X'],
  ['XXX', 'X'],
  [' 18', '18'],
  ['18+', '18'],
  ['１８', '18'],
  ['tvma', 'TV-MA'],
  ['TV14', 'TV-14'],
  ['Approved', 'Approved'],
  ['R-rated', 'R'],
  ['Restricted', 'R'],
  ['R - strong language', 'R'],
  ['R: violence', 'R'],
  ['PG-13 / L', 'PG-13'],
  ['USA:R', 'R'],
  ['US: PG-13', 'PG-13'],
  ['TV-MA-LV', 'TV-MA'],
  ['TV-MA LSV', 'TV-MA'],
  ['TV-14-DLSV', 'TV-14'],
  ['TV-PG-V', 'TV-PG'],
  ['TV-G', 'TV-G'],
  ['MA', 'TV-MA'],
  ['Adults Only', 'X'],
])('%j is %s', (given, expected) => {
  expect(normalizeCertification(given)).toBe(expected);
});

test.each([
  '',
  ' ',
  'NR',
  'nr',
  'N.R.',
  'UR',
  'Unrated',
  'Not Rated',
  'not-rated',
  'N/A',
  '-',
  'ＮＲ',
  '\u00a0',
  '0',
  'Unrated Director’s Cut',
  'Not Rated (USA)',
  'Rating Pending',
  'Exempt',
])('%j says nothing', (given) => expect(normalizeCertification(given)).toBeNull());

test('of several the strictest that says something counts, in any order', () => {
  const each = ['G', 'PG', 'PG13', 'TV-14', 'R', 'NC-17', 'X'];
  for (const [index, strictest] of each.entries()) {
    const given = ['NR', '', ...each.slice(0, index + 1), 'Unrated'];
    const expected = normalizeCertification(strictest);
    expect(strictestCertification(given)).toBe(expected);
    expect(strictestCertification(given.toReversed())).toBe(expected);
  }
  expect(strictestCertification(['Approved', 'R'])).toBe('R');
  expect(strictestCertification(['NR', 'UR'])).toBeNull();
});

test('the stricter one is never for younger people', () => {
  const gated = Object.keys(certificationAges);
  for (const a of gated)
    for (const b of gated) {
      const strictest = strictestCertification([a, b]) ?? '';
      expect(certificationAges[strictest]).toBe(
        Math.max(certificationAges[a] ?? 0, certificationAges[b] ?? 0),
      );
    }
});
