import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { listenToNotices, noticeChannel } from './notices.ts';

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
