import { expect, test } from 'bun:test';
import { createReadQuery } from './asked-query.ts';

const url = (query: string) => `http://nexus.test/3/movie/550?${query}`;

test('a query that was read is kept by its text, whatever it was asked of', () => {
  const readQuery = createReadQuery();
  const first = readQuery(url('append_to_response=credits,images&language=de'));
  expect(first.list('append_to_response')).toEqual(['credits', 'images']);
  expect(readQuery('http://nexus.test/3/movie/1?append_to_response=credits,images&language=de')).toBe(first);
  expect(readQuery(url('append_to_response=images,credits&language=de'))).not.toBe(first);
});

test('however many are asked, only so many are kept, and none that is very long', () => {
  const readQuery = createReadQuery();
  const read = (n: number) => readQuery(url(`append_to_response=part${n}&${'x'.repeat(1000)}=`));
  const first = read(0);
  expect(read(0)).toBe(first);
  for (let n = 1; n < 3000; n++) read(n);
  expect(read(0)).not.toBe(first);
  const long = url(`query=${'x'.repeat(3000)}`);
  expect(readQuery(long)).not.toBe(readQuery(long));
});
