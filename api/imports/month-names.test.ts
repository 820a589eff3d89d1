import { expect, test } from 'bun:test';
import { turnsDuring } from '#tests/support/turns-during.ts';
import { createMonthNames } from './month-names.ts';

test('the names of the months are read language by language, so that nobody waits for all', async () => {
  const { load, monthOf } = createMonthNames();
  expect(await turnsDuring(load)).toBeGreaterThan(30);
  expect(await turnsDuring(load)).toBeLessThan(3);
  expect(['July', 'juillet', 'июля', 'temmuz', 'יולי', 'VII'].map(monthOf)).toEqual([7, 7, 7, 7, 7, 7]);
});

test('a name is known without a wait, too', () => {
  expect(createMonthNames().monthOf('août')).toBe(8);
});
