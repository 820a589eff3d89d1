import { expect, test } from 'bun:test';
import { until } from '#tests/support/until.ts';
import { gatherReads } from './gather-reads.ts';

/** A store that answers when it is told to. */
function openStore() {
  const batches: { asked: readonly number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const readAll = (asked: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      batches.push({ asked, answer: () => resolve(asked.map((n) => n * 10)), fail: reject });
    });
  return { batches, readAll, sizes: () => batches.map(({ asked }) => asked.length) };
}

test('a lone read goes at once; those that come while two are under way go together', async () => {
  const store = openStore();
  const read = gatherReads({ readAll: store.readAll, mostInBatch: 3, mostWaitMs: 10_000 });
  const results = Promise.all([1, 2, 3, 4, 5, 6].map((n) => read(n)));
  expect(store.sizes()).toEqual([1, 1]);
  store.batches[0]?.answer();
  await Bun.sleep(1);
  expect(store.sizes()).toEqual([1, 1, 3]);
  store.batches[2]?.answer();
  store.batches[1]?.answer();
  await Bun.sleep(1);
  expect(store.sizes()).toEqual([1, 1, 3, 1]);
  store.batches[3]?.answer();
  expect(await results).toEqual([10, 20, 30, 40, 50, 60]);
});

test('a second batch begins beside the first when it is large, and else after it', async () => {
  const store = openStore();
  const read = gatherReads({ readAll: store.readAll, fewestBeside: 3, mostWaitMs: 10_000 });
  const results = Promise.all([1, 2, 3].map((n) => read(n)));
  expect(store.sizes()).toEqual([1]);
  store.batches[0]?.answer();
  await Bun.sleep(1);
  expect(store.sizes()).toEqual([1, 2]);
  const more = Promise.all([4, 5, 6, 7].map((n) => read(n)));
  expect(store.sizes()).toEqual([1, 2, 3]);
  for (const batch of store.batches) batch.answer();
  await Bun.sleep(1);
  store.batches[3]?.answer();
  expect([await results, await more]).toEqual([
    [10, 20, 30],
    [40, 50, 60, 70],
  ]);
});

test('nobody waits long for batches that do not end', async () => {
  const store = openStore();
  const read = gatherReads({ readAll: store.readAll, mostInBatch: 2, mostWaitMs: 20 });
  for (const n of [1, 2, 3, 4, 5]) void read(n);
  expect(store.sizes()).toEqual([1, 1]);
  await until(() => store.sizes().length === 4);
  expect(store.sizes()).toEqual([1, 1, 2, 1]);
});

test('what fails for one does not fail for the others of its batch', async () => {
  const asked: number[][] = [];
  const readAll = async (ids: readonly number[]) => {
    asked.push([...ids]);
    await Bun.sleep(1);
    if (ids.includes(4)) throw new Error('4 is broken');
    return ids.map((n) => n * 10);
  };
  const read = gatherReads({ readAll });
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => read(n)));
  expect(results.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    10,
    20,
    30,
    'Error: 4 is broken',
    50,
  ]);
  expect(asked).toEqual([[1], [2], [3, 4, 5], [3], [4], [5]]);
});

test('a store in trouble is not asked again for each', async () => {
  const store = openStore();
  const read = gatherReads({ readAll: store.readAll });
  const results = Promise.allSettled([1, 2, 3, 4].map((n) => read(n)));
  store.batches[0]?.answer();
  await Bun.sleep(1);
  store.batches[2]?.fail(Object.assign(new Error('canceled'), { code: '57014' }));
  store.batches[1]?.answer();
  expect((await results).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  expect(store.sizes()).toEqual([1, 1, 2]);
});
