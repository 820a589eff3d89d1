import { expect, test } from 'bun:test';
import type { Notice } from '#shared/db/notices.ts';
import { holdClock } from '#tests/support/held-clock.ts';
import type { NoticeSubscriber } from '../../store/notice-hub.ts';
import { createMirrorCache, mostLagMs } from './mirror-cache.ts';

let told: NoticeSubscriber;
const { pass } = holdClock();

/** It begins a moment after the answer. */
const readAgain = () => Bun.sleep(2);
const changed: Notice = { kind: 'movies', ids: [1] };

function openCache() {
  const hub = {
    connected: true,
    subscribe(subscriber: NoticeSubscriber) {
      told = subscriber;
    },
  };
  const cache = createMirrorCache<string, string>(hub, {
    maxBytes: 9,
    maxAgeMs: 1e9,
    sizeOf: () => 1,
    renewPauseMs: 0,
  });
  let reads = 0;
  const load = async () => `read ${++reads}`;
  const itself = (value: string) => value;
  const read = async () => cache.get('a') ?? cache.load('a', load, itself);
  /** As who gets what is there, and lets it be read again. */
  const readAndRenew = async () => {
    const known = cache.getAndRenew('a', load);
    if (known === undefined) return cache.load('a', load, itself);
    await readAgain();
    return known;
  };
  return { cache, read, readAndRenew, reads: () => reads };
}

test('a change after a quiet time is seen at once', async () => {
  const { read } = openCache();
  expect(await read()).toBe('read 1');
  told.onNotice(changed);
  expect(await read()).toBe('read 2');
});

test('what is asked for every few seconds is read again after a change, before anybody asks', async () => {
  const { cache, readAndRenew, reads } = openCache();
  for (let second = 0; second < 4; second++) {
    await readAndRenew();
    pass(1000);
  }
  told.onNotice(changed);
  expect(cache.get('a')).toBeUndefined();
  await readAgain();
  expect([cache.get('a'), reads()]).toEqual(['read 2', 2]);
});

test('what nobody asks for any more is not read again', async () => {
  const { read, readAndRenew, reads } = openCache();
  for (let second = 0; second < 4; second++) {
    await readAndRenew();
    pass(1000);
  }
  pass(60_000);
  told.onNotice(changed);
  await readAgain();
  expect(reads()).toBe(1);
  pass(1);
  await read();
  pass(mostLagMs);
  // Somebody asks twice, who says nothing of how it is read.
  await read();
  await read();
  told.onNotice(changed);
  await readAgain();
  expect(reads()).toBe(2);
});

test('while changes never end, lists are read anew every five seconds, and no list is older', async () => {
  const { read, reads } = openCache();
  await read();
  for (let ms = 0; ms < 60_000; ms += 100) {
    told.onNotice(changed);
    await read();
    pass(100);
  }
  expect(reads()).toBeGreaterThanOrEqual(60_000 / mostLagMs);
  expect(reads()).toBeLessThanOrEqual(60_000 / mostLagMs + 2);
  // The last change is not forgotten.
  const before = reads();
  pass(mostLagMs);
  await read();
  expect(reads()).toBe(before + 1);
});

test('a list that was taken over, and a gap, are never waited with', async () => {
  const { read } = openCache();
  await read();
  told.onNotice(changed);
  await read();
  told.onNotice({ kind: 'list', name: 'trending/day' });
  expect(await read()).toBe('read 3');
  told.onGap();
  expect(await read()).toBe('read 4');
});

test('while changes never end, nobody waits for a list that is asked for again and again', async () => {
  const { cache, readAndRenew, reads } = openCache();
  await readAndRenew();
  for (let ms = 0; ms < 60_000; ms += 100) {
    told.onNotice(changed);
    pass(100);
    // The first change came after a quiet time.
    if (ms > 0) expect(cache.get('a')).toBeString();
    await readAndRenew();
  }
  expect(reads()).toBeGreaterThanOrEqual(60_000 / mostLagMs);
  expect(reads()).toBeLessThanOrEqual(60_000 / 3000 + 2);
});

test('what was read after the last change is kept', async () => {
  const { read, readAndRenew, reads } = openCache();
  told.onNotice(changed);
  pass(1);
  await read();
  pass(60_000);
  await readAndRenew();
  expect([await read(), reads()]).toEqual(['read 1', 1]);
});

test('a reading again that fails leaves what is there, as long as it may be shown', async () => {
  const { cache, read } = openCache();
  told.onNotice(changed);
  await read();
  told.onNotice(changed);
  pass(3000);
  cache.getAndRenew('a', () => Promise.reject(new Error('away')));
  await readAgain();
  expect(cache.get('a')).toBe('read 1');
  pass(2000);
  expect(cache.get('a')).toBeUndefined();
  expect(cache.last('a')).toBe('read 1');
});
