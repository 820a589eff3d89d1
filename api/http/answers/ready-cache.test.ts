import { expect, test } from 'bun:test';
import { createReadyCache } from './ready-cache.ts';

const cacheOf = (trusted = () => true) =>
  createReadyCache<number, string>({
    maxBytes: 1000,
    maxAgeMs: 60_000,
    sizeOf: (text) => text.length,
    trusted,
  });
const kept = (text: string) => text;

test('readers that come while one reads share its reading', async () => {
  const cache = cacheOf();
  let reads = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const read = () => {
    reads++;
    return promise;
  };
  const all = Promise.all(Array.from({ length: 50 }, () => cache.load(1, read, kept)));
  resolve('one');
  expect(new Set(await all)).toEqual(new Set(['one']));
  expect(reads).toBe(1);
  expect(cache.get(1)).toBe('one');
});

test('a reading that was dropped while it ran is not kept, nor shared with those who come after', async () => {
  const cache = cacheOf();
  const slow = Promise.withResolvers<string>();
  const before = cache.load(1, () => slow.promise, kept);
  cache.drop(1);
  const after = cache.load(1, async () => 'new', kept);
  expect(await after).toBe('new');
  slow.resolve('old');
  expect(await before).toBe('old');
  expect(cache.get(1)).toBe('new');
});

test('clearing reaches readings under way', async () => {
  const cache = cacheOf();
  const slow = Promise.withResolvers<string>();
  const reading = cache.load(1, () => slow.promise, kept);
  cache.clear();
  slow.resolve('old');
  await reading;
  expect(cache.get(1)).toBeUndefined();
});

test('while notices cannot be heard, nothing is kept, shown or shared', async () => {
  let trusted = true;
  const cache = cacheOf(() => trusted);
  await cache.load(1, async () => 'one', kept);
  trusted = false;
  expect(cache.get(1)).toBeUndefined();
  expect(await cache.load(1, async () => 'two', kept)).toBe('two');
  expect(await cache.load(2, async () => 'x', kept)).toBe('x');
  trusted = true;
  expect(cache.get(2)).toBeUndefined();
});

test('a failed reading is forgotten', async () => {
  const cache = cacheOf();
  const failing = cache.load(1, () => Promise.reject(new Error('away')), kept);
  expect(failing).rejects.toThrow('away');
  await failing.catch(() => {});
  expect(await cache.load(1, async () => 'back', kept)).toBe('back');
});

test('it never grows beyond its bound', async () => {
  const cache = cacheOf();
  for (let id = 0; id < 100; id++) await cache.load(id, async () => 'x'.repeat(100), kept);
  expect(Array.from({ length: 100 }, (_, id) => cache.get(id)).filter(Boolean)).toHaveLength(10);
});
