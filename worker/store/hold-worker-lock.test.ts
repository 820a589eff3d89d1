import { expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import { openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { until } from '#tests/support/until.ts';
import { holdWorkerLock } from './hold-worker-lock.ts';

test('a lock whose connection died without a word is noticed, and taken again from itself', async () => {
  await using opened = await openDatabaseBehindWire();
  const holders = async (): Promise<number[]> =>
    (
      await opened.behind.pool.query<{ pid: number }>(
        "select pid from pg_locks where locktype = 'advisory' and objid = 7269002 and granted and database = (select oid from pg_database where datname = current_database())",
      )
    ).rows.map(({ pid }) => pid);
  let lost = false;
  const onLost = () => {
    lost = true;
  };
  const log = createLog({ level: 'silent', name: 'test' });
  await using _lock = await holdWorkerLock(opened.target, { log, onLost });
  const [first] = await holders();
  await opened.wire.become('swallow');
  await Bun.sleep(12_000);
  await opened.wire.become('pass');
  await until(async () => {
    const [now] = await holders();
    return now !== undefined && now !== first;
  }, 30_000);
  expect(lost).toBe(false);
  await expect(holdWorkerLock(opened.behind.clientConfig, { log, onLost })).rejects.toThrow('Another worker');
}, 90_000);
