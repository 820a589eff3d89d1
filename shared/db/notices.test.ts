import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { listenToNotices, noticeChannel } from './notices.ts';

test('a listener that hears nothing any more says so, drops what it had, and hears again', async () => {
  await using opened = await openDatabaseBehindWire();
  const heard: unknown[] = [];
  let gaps = 0;
  await using listener = await listenToNotices({
    clientConfig: opened.target,
    onNotice: (notice) => heard.push(notice),
    onGap: () => {
      gaps += 1;
    },
    log: createLog({ level: 'silent', name: 'test' }),
  });
  const tell = (name: string) =>
    opened.behind.pool.query('select pg_notify($1, $2)', [
      noticeChannel,
      JSON.stringify({ kind: 'list', name }),
    ]);
  await tell('before');
  await until(() => heard.length === 1);
  expect(listener.connected).toBe(true);

  // Quiet for longer than it may go unheard: nobody else tells anything, and it stays trusted.
  await Bun.sleep(14_000);
  expect(listener.connected).toBe(true);
  expect(gaps).toBe(1);

  await opened.wire.become('swallow');
  await tell('meanwhile');
  await until(() => !listener.connected, 15_000);
  await opened.wire.become('pass');
  await until(() => listener.connected, 15_000);
  expect(gaps).toBeGreaterThan(1);
  await tell('after');
  await until(() => heard.length === 2);
  expect(heard).toEqual([
    { kind: 'list', name: 'before' },
    { kind: 'list', name: 'after' },
  ]);
}, 90_000);
