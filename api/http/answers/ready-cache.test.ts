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

test('what is odd has a room of its own, however much there is of it', async () => {
  const cache = createReadyCache<number, string>({
    maxBytes: 800,
    maxAgeMs: 60_000,
    sizeOf: (text) => text.length,
    isOdd: (text) => text.startsWith('odd'),
    trusted: () => true,
  });
  const put = (key: number, text: string) => cache.load(key, async () => text, kept);
  for (let key = 0; key < 8; key++) await put(key, `usual ${key}`.padEnd(100));
  for (let key = 100; key < 1100; key++) await put(key, `odd ${key}`.padEnd(40));
  for (let key = 0; key < 8; key++) expect(cache.get(key)).toStartWith(`usual ${key}`);
  expect([1097, 1098, 1099].map((key) => cache.get(key) === undefined)).toEqual([true, false, false]);
});

test('a group is dropped whole, with readings under way, and nothing else', async () => {
  const cache = createReadyCache<string, string>(
    {
      maxBytes: 1000,
      maxAgeMs: 60_000,
      sizeOf: () => 10,
      isOdd: (text) => text === 'odd',
      trusted: () => true,
    },
    (key) => Number.parseInt(key, 10),
  );
  for (const key of ['1/de', '1/fr', '2/de']) await cache.load(key, async () => 'usual', kept);
  await cache.load('1/qq', async () => 'odd', kept);
  const slow = Promise.withResolvers<string>();
  const reading = cache.load('1/it', () => slow.promise, kept);
  cache.dropGroup(1);
  slow.resolve('old');
  expect(await reading).toBe('old');
  expect(['1/de', '1/fr', '1/qq', '1/it', '2/de'].map((key) => cache.get(key))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'usual',
  ]);
  // What was pushed out before is no part of it any more.
  for (let n = 0; n < 200; n++) await cache.load(`3/${n}`, async () => 'usual', kept);
  cache.dropGroup(3);
  expect(cache.get('3/199')).toBeUndefined();
});
