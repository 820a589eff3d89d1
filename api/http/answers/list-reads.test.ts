import { expect, test } from 'bun:test';
import pg from 'pg';
import { holdClock } from '#tests/support/held-clock.ts';
import { until } from '#tests/support/until.ts';
import type { NoticeSubscriber } from '../../store/notice-hub.ts';
import type { JsonText } from '../contract/answer.ts';
import { createListReads } from './list-reads.ts';
import { packed } from './packed.ts';

const { pass } = holdClock();

function openLists() {
  const told: NoticeSubscriber[] = [];
  const hub = { connected: true, subscribe: (subscriber: NoticeSubscriber) => void told.push(subscriber) };
  const nowMs = Date.parse('2026-01-01');
  const lists = createListReads({ pool: new pg.Pool({ port: 1 }), hub, now: () => nowMs });
  let reads = 0;
  /** What the database is doing. */
  let under = Promise.withResolvers<void>();
  const askBytes = async () => {
    const { bytes } = await lists<number, object>({
      key: 'a list',
      staleAfterMs: 1e9,
      metaOf: () => ({}),
      async read() {
        const data = JSON.stringify([++reads]) as JsonText<number[]>;
        await under.promise;
        return { fetched_at_ms: nowMs, total: 1, data };
      },
    });
    return bytes;
  };
  const ask = async () => JSON.parse(new TextDecoder().decode(await askBytes())).data[0];
  return {
    ask,
    askBytes,
    change: () => told.forEach(({ onNotice }) => void onNotice({ kind: 'movies', ids: [1] })),
    holdUp() {
      under = Promise.withResolvers<void>();
    },
    goOn: () => under.resolve(),
  };
}

test('while movies change all the time, a list that is old is shown while it is read again, and waited for when it is too old', async () => {
  const { ask, change, holdUp, goOn } = openLists();
  goOn();
  change();
  expect(await ask()).toBe(1);
  change();
  pass(3000);
  holdUp();
  // Both are answered, though the database says nothing.
  expect([await ask(), await ask()]).toEqual([1, 1]);
  goOn();
  await until(async () => (await ask()) === 2);
  change();
  pass(5000);
  holdUp();
  const waiting = ask();
  expect(await Promise.race([waiting, Bun.sleep(20)])).toBeUndefined();
  goOn();
  expect(await waiting).toBe(3);
});

test('a list that is read again is packed as the last one was, before anybody gets it', async () => {
  const { askBytes, change, goOn } = openLists();
  goOn();
  change();
  const first = await askBytes();
  await packed(first, 'zstd');
  change();
  pass(3000);
  let next = await askBytes();
  await until(async () => {
    next = await askBytes();
    return next !== first;
  });
  expect(packed(next, 'zstd')).toBeInstanceOf(Uint8Array);
  expect(packed(next, 'gzip')).toBeInstanceOf(Promise);
});
