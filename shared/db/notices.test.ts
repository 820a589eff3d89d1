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

test('a notice that nobody can act on is told, and those after it are heard', async () => {
  await using opened = await openDatabaseBehindWire();
  const heard: string[] = [];
  const lines: string[] = [];
  const hear = (text: string) => {
    if (text.includes('odd')) throw new Error('nobody knows what to do');
    heard.push(text);
  };
  await using _listener = await listenToNotices({
    clientConfig: opened.target,
    onNotice: (notice) => hear(JSON.stringify(notice)),
    onGap: () => {},
    others: { names: ['others'], onMessage: (_, payload) => hear(payload) },
    log: createLog({ level: 'warn', name: 'test', destination: { write: (line) => void lines.push(line) } }),
  });
  const tell = (channel: string, payload: string) =>
    opened.behind.pool.query('select pg_notify($1, $2)', [channel, payload]);
  const list = (name: string) => tell(noticeChannel, JSON.stringify({ kind: 'list', name }));
  for (const payload of ['odd', '', '{', 'null', '[]', '{"kind":"movies","ids":"x"}', '{"kind":"users"}'])
    await tell(noticeChannel, payload);
  await list('odd');
  await tell('others', 'odd');
  await tell('others', 'last');
  await list('last');
  await until(() => heard.length === 2);
  expect(heard).toEqual(['last', JSON.stringify({ kind: 'list', name: 'last' })]);
  expect(lines.filter((line) => line.includes('could not be read'))).toHaveLength(7);
  expect(lines.filter((line) => line.includes('could not be acted on'))).toHaveLength(2);
});
