import { expect, test } from 'bun:test';
import pg from 'pg';
import { holdClock } from '#tests/support/held-clock.ts';
import type { NoticeSubscriber } from '../../store/notice-hub.ts';
import type { JsonText } from '../contract/answer.ts';
import { createListReads } from './list-reads.ts';

const { pass } = holdClock();

function openLists() {
  const told: NoticeSubscriber[] = [];
  const hub = { connected: true, subscribe: (subscriber: NoticeSubscriber) => void told.push(subscriber) };
  const nowMs = Date.parse('2026-01-01');
  const lists = createListReads({ pool: new pg.Pool({ port: 1 }), hub, now: () => nowMs });
  let reads = 0;
  /** What the database is doing. */
  let under = Promise.withResolvers<void>();
  const ask = async () => {
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
    return JSON.parse(new TextDecoder().decode(bytes)).data[0];
  };
  return {
    ask,
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
  await Bun.sleep(10);
  expect(await ask()).toBe(2);
  change();
  pass(5000);
  holdUp();
  const waiting = ask();
  expect(await Promise.race([waiting, Bun.sleep(20)])).toBeUndefined();
  goOn();
  expect(await waiting).toBe(3);
});
