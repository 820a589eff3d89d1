import { expect, test } from 'bun:test';
import { join } from '#shared/db/sql.ts';
import { unknownAudience } from '../movies/audience.ts';
import { termsOf } from './movie-filters.ts';
import { haveTerms, longListOf } from './term-lookup.ts';
import { titleLooks } from './title-looks.ts';

/** As twenty providers in each country. */
const long = Array.from({ length: 100 }, (_, at) => at + 1);
const comparesAll = /terms\s*&&/;

test.each(['byId', 'hashed'] as const)(
  'lookup %p: who has one of very many is found term by term, as to compare them all takes longest',
  (terms) => {
    const textOf = (list: number[]) => join(haveTerms([list], { terms }), ' and ').text;
    expect(textOf(long)).not.toMatch(comparesAll);
    expect(textOf(long)).toContain('terms @> array[asked.term]');
  },
);

test('a search looks them up once, also where it looks at all that pass', () => {
  const filters = {
    audience: unknownAudience,
    providers: { any: true, values: Array.from({ length: 20 }, (_, at) => at + 1), region: 'DE' },
  };
  const list = longListOf(termsOf(filters, {}));
  expect(list?.length).toBe(100);
  const textOf = (found?: readonly number[]) =>
    join(
      titleLooks(filters, { fewPass: true, long: found }).before.map(({ select }) => select),
      ', ',
    ).text;
  expect(textOf()).toMatch(comparesAll);
  expect(textOf(list)).not.toMatch(comparesAll);
});
