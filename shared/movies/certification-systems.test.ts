import { expect, test } from 'bun:test';
import { isDescribed, readExample } from '#tests/support/tmdb-description.ts';
import { strictestIn } from './certification-systems.ts';

const ageIn = (country: string, certification: string) => strictestIn(country, [certification])?.age;

test.each([
  ['BG', { A: 0, B: 0, C: 12, D: 16, X: 18 }],
  ['ID', { SU: 0, '13+': 13, '21+': 21 }],
  ['IL', { All: 0, '14': 14 }],
  ['LT', { V: 0, 'N-7': 7, n18: 18 }],
  ['LU', { EA: 0, '16': 16 }],
  ['LV', { U: 0, '12+': 12 }],
  ['MO', { A: 0, B: 13, C: 18, D: 18 }],
  ['MY', { U: 0, P13: 13, '18SG': 18 }],
  ['PR', { G: 0, 'PG-13': 13, R: 17, 'NC-17': 18 }],
  ['VI', { PG: 0, pg13: 13, R: 17, NC17: 18 }],
  ['SK', { U: 0, '15': 15 }],
  ['TH', { G: 0, Banned: 20 }],
  ['ZA', { A: 0, '7-9PG': 7, '10-12PG': 10, X18: 18, XX: 18 }],
])('%s: each certification has its age', (country, ages) => {
  for (const [certification, age] of Object.entries(ages))
    expect([certification, ageIn(country, certification)]).toEqual([certification, age]);
});

test.skipIf(!isDescribed)(
  'of every certification that TMDb lists the age is known, but for those that say nothing',
  () => {
    const { certifications } = readExample('/3/certification/movie/list') as {
      certifications: Record<string, { certification: string; order: number }[]>;
    };
    // Provinces have no code of a country, and films none of their certifications.
    const countries = Object.entries(certifications).filter(([code]) => code.length === 2);
    expect(countries.length).toBeGreaterThan(40);
    for (const [country, rows] of countries) {
      const ages = rows
        .filter(({ certification }) => certification !== 'NR')
        .toSorted((one, other) => one.order - other.order)
        .map(({ certification }) => ageIn(country, certification));
      expect([country, ages]).toEqual([country, ages.map(() => expect.any(Number))]);
    }
  },
);

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
