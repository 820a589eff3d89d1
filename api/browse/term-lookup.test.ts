import { expect, test } from 'bun:test';
import { join } from '#shared/db/sql.ts';
import { haveTerms } from './term-lookup.ts';

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
