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
