import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { createLog } from '#shared/log.ts';
import type { Database } from '#shared/orm/database.ts';
import { type BehindWire, openDatabaseBehindWire } from '#tests/support/database-behind-wire.ts';
import { leastOf } from '#tests/support/least-of.ts';
import { tookMs } from '#tests/support/took-ms.ts';
import { until } from '#tests/support/until.ts';
import { openNoticeHub } from './notice-hub.ts';
import { leaseMs } from './peers.ts';

let opened: BehindWire;
beforeAll(async () => {
  opened = await openDatabaseBehindWire();
});
afterEach(() => opened.wire.become('pass'));
afterAll(() => opened[Symbol.asyncDispose]());

const log = createLog({ level: 'silent', name: 'test' });

/** A process that believes what it keeps, and what it has heard of users. */
async function openProcess(database: Pick<Database, 'clientConfig'>) {
  const hub = await openNoticeHub(database, log);
  const heard: string[] = [];
  hub.subscribe({
    onGap: () => {},
    onNotice: (notice) => void (notice.kind === 'users' && heard.push(...notice.user_ids)),
  });
  await until(() => hub.peers?.canBelieve ?? false);
  const { peers } = hub;
  if (peers === undefined) throw new Error('no peers');
  return { peers, heard, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

/** A change of a user, by a trigger, over a connection that knows nothing of the hubs. */
const change = async () => {
  const id = Bun.randomUUIDv7();
  const { pool } = opened.behind;
  await pool.query("insert into users (id, name, email, password_hash) values ($1, 'x', $2, '')", [
    id,
    `${id}@example.org`,
  ]);
  await pool.query("update users set name = 'y' where id = $1", [id]);
  return id;
};

test('what was committed before is heard by all when it is settled', async () => {
  await using one = await openProcess(opened.behind);
  await using other = await openProcess(opened.behind);
  await using third = await openProcess(opened.behind);
  for (let turn = 0; turn < 50; turn++) {
    const id = await change();
    await one.peers.settle();
    expect([one.heard.at(-1), other.heard.at(-1), third.heard.at(-1)]).toEqual([id, id, id]);
  }
});

test('many who settle at once share questions, and none returns too early', async () => {
  await using one = await openProcess(opened.behind);
  await using other = await openProcess(opened.behind);
  const askers = [one.peers, other.peers];
  await Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      const id = await change();
      await askers[at % 2]?.settle();
      expect([one.heard.includes(id), other.heard.includes(id)]).toEqual([true, true]);
    }),
  );
});

test('ids of a statement that changes many are told in as many notices as they need', async () => {
  await using one = await openProcess(opened.behind);
  const { rows } = await opened.behind.pool.query<{ id: string }>(
    `insert into users (id, name, email, password_hash)
     select gen_random_uuid(), 'x', n || '@many.example', '' from generate_series(1, 700) n returning id`,
  );
  await opened.behind.pool.query("update users set name = 'z' where email like '%@many.example'");
  await one.peers.settle();
  expect(new Set(one.heard)).toEqual(new Set(rows.map(({ id }) => id)));
});

/** Within a third of a lease, which is not waited for. */
const expectAtOnce = async (act: () => Promise<unknown>) =>
  expect(await leastOf(() => tookMs(act), { enough: leaseMs / 3 })).toBeLessThan(leaseMs / 3);

test('one that is cut off is waited for until it believes nothing any more, and then forgotten', async () => {
  await using one = await openProcess(opened.behind);
  const { target: clientConfig } = opened;
  const others = await Promise.all(Array.from({ length: 8 }, () => openProcess({ clientConfig })));
  await opened.wire.become('swallow');
  const cutMs = performance.now();
  await one.peers.settle();
  expect(others.some(({ peers }) => peers.canBelieve)).toBe(false);
  // One after the other they would take eight leases.
  expect(performance.now() - cutMs).toBeLessThan(6 * leaseMs);
  await until(() => one.peers.canBelieve);
  await Bun.sleep(leaseMs);
  await expectAtOnce(() => one.peers.settle());
  await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
}, 60_000);

test('one that ended is not waited for, and who is cut off itself waits for a lease', async () => {
  await using one = await openProcess({ clientConfig: opened.target });
  {
    await using _other = await openProcess(opened.behind);
    await one.peers.settle();
  }
  await expectAtOnce(() => one.peers.settle());
  await opened.wire.become('swallow');
  const cutMs = performance.now();
  await Promise.all([one.peers.settle(), Bun.sleep(100).then(() => one.peers.settle())]);
  expect(performance.now() - cutMs).toBeWithin(leaseMs - 100, 10 * leaseMs);
  expect(one.peers.canBelieve).toBe(false);
}, 60_000);

test('what no process of ours says is heeded by none, and answered by none', async () => {
  await using one = await openProcess(opened.behind);
  await using other = await openProcess(opened.behind);
  const { pool } = opened.behind;
  const told: string[] = [];
  const client = await pool.connect();
  client.on('notification', ({ channel }) => told.push(channel));
  await client.query('listen nexus_peer_stranger');
  const odd = [
    '',
    ' ',
    'ask',
    'ask stranger',
    'ask stranger x',
    'ask stranger NaN',
    'alive',
    'alive stranger x',
    'gone',
    'new',
    '\u{1f600}',
  ];
  for (const payload of odd) await pool.query("select pg_notify('nexus_peers', $1)", [payload]);
  await Bun.sleep(300);
  expect(told).toEqual([]);
  await one.peers.settle();
  expect(other.peers.canBelieve).toBe(true);
  client.release(true);
});
