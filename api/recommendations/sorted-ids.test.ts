import { expect, test } from 'bun:test';
import { costOver } from '#tests/support/cost-over.ts';
import { sortedIds } from './sorted-ids.ts';

function bytesOf(ids: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * ids.length);
  for (const [at, id] of ids.entries()) bytes.writeInt32BE(id, 4 * at);
  return bytes;
}

test('ids are found, and no others', () => {
  const ids = [1, 2, 3, 255, 256, 65_536, 2_147_483_646, 2_147_483_647];
  for (let count = 0; count <= ids.length; count++) {
    const { has } = sortedIds(bytesOf(ids.slice(0, count)));
    for (const id of ids) expect([count, id, has(id)]).toEqual([count, id, ids.indexOf(id) < count]);
    for (const id of [0, 4, 254, 257, 65_535, 2_147_483_645]) expect(has(id)).toBe(false);
  }
  expect(sortedIds(null).has(1)).toBe(false);
});

test('a set of very many costs a fifth of making one at most', async () => {
  const ids = Array.from({ length: 200_000 }, (_, n) => 3 * n);
  const bytes = bytesOf(ids);
  const text = ids.join(',');
  const asSet = () => new Set(text.split(',').map(Number));
  expect(await costOver({ work: () => sortedIds(bytes), plain: asSet, enough: 1 / 5 })).toBeLessThan(1 / 5);
});
