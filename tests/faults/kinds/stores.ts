import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import type { Fault } from '../fault.ts';
import { headersOf, type Installation, type Topology } from '../installation.ts';

const everywhere: readonly Topology[] = ['start', 'postgres', 'redis'];
const hangMs = 30_000;
const lastsMs = 10_000;

/** The postmaster and all its processes. */
async function postgresProcesses(on: Installation): Promise<number[]> {
  const postmaster = await on.postmaster();
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === postmaster);
  return [postmaster, ...children];
}

function parentOf(pid: number): number | undefined {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) \w /);
    return Number(rest.split(' ')[0]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

const signalPostgres = async (on: Installation, signal: NodeJS.Signals) => {
  for (const pid of await postgresProcesses(on)) process.kill(pid, signal);
};

/** Holds something until it is let go. */
const held = new WeakMap<Installation, () => Promise<unknown>>();
const letGo = (on: Installation) => held.get(on)?.();

const postgresFaults: readonly Fault[] = [
  {
    name: 'kill -9 of the postmaster',
    topologies: everywhere,
    lastsMs: 500,
    inject: async (on) => process.kill(await on.postmaster(), 'SIGKILL'),
    // Where it is embedded, `start` is its supervisor.
    heal: (on) => (on.topology === 'start' ? undefined : on.startPostgresAgain()),
    short: ['postgres'],
  },
  {
    name: 'kill -9 of a backend',
    topologies: everywhere,
    lastsMs: 0,
    async inject(on) {
      const [backend] = await on.rows<{ pid: number }>(
        "select pid from pg_stat_activity where application_name = 'nexus' order by random() limit 1",
      );
      if (backend !== undefined) process.kill(backend.pid, 'SIGKILL');
    },
    heal: () => {},
  },
  {
    name: 'SIGSTOP of PostgreSQL for 30 s',
    topologies: everywhere,
    lastsMs: hangMs,
    inject: (on) => signalPostgres(on, 'SIGSTOP'),
    heal: (on) => signalPostgres(on, 'SIGCONT'),
  },
  {
    name: 'an exclusive lock on the movies',
    topologies: everywhere,
    lastsMs,
    async inject(on) {
      const locked = on.rows(
        'begin; lock table movies in access exclusive mode; select pg_sleep(9); rollback',
      );
      held.set(on, () => locked.catch(() => []));
    },
    heal: letGo,
  },
  {
    name: 'every connection of PostgreSQL taken',
    topologies: everywhere,
    lastsMs,
    async inject(on) {
      const clients = await on.takeConnections();
      held.set(on, () => Promise.allSettled(clients.map((client) => client.end())));
    },
    heal: letGo,
  },
  {
    name: 'every session of the service ended by the server, three times',
    topologies: everywhere,
    lastsMs: 0,
    async inject(on) {
      for (let turn = 0; turn < 3; turn++) {
        await on.rows(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'nexus%'",
        );
        await Bun.sleep(1000);
      }
    },
    heal: () => {},
  },
];

const deadlockSeconds = 6;

/**
 * Locks what the service locks, in the other order, again and again. It looks for deadlocks later than the service's
 * sessions do, so that PostgreSQL mostly ends the service's transaction.
 */
async function lockAgainstTheOrder(on: Installation, first: string, then: string): Promise<void> {
  const client = new pg.Client(on.databaseUrl());
  client.on('error', () => {});
  await client.connect();
  await client.query("set deadlock_timeout = '3s'");
  const endMs = performance.now() + deadlockSeconds * 1000;
  while (performance.now() < endMs) {
    // It may lose, too.
    await client.query(`begin; ${first}; select pg_sleep(0.3); ${then}`).catch(() => {});
    await client.query('rollback');
    await Bun.sleep(100);
  }
  await client.end();
}

const deadlocksOf = async (on: Installation): Promise<number> => {
  const sql = 'select deadlocks::int as n from pg_stat_database where datname = current_database()';
  return (await on.rows<{ n: number }>(sql))[0]?.n ?? 0;
};

const deadlocks = (whose: string, first: string, then: string): Fault => ({
  name: `deadlocks with writes of ${whose}, for ${deadlockSeconds} s`,
  topologies: everywhere,
  lastsMs: 2000,
  async inject(on) {
    const before = await deadlocksOf(on);
    // The worker has much to write meanwhile.
    await on.rows("update movies set fetched_at = now() - interval '40 days' where state = 'detailed'");
    const headers = await headersOf(await on.account('admin'));
    await fetch(`${on.url}/api/admin/sync/details`, { method: 'POST', headers });
    const metOne = async () => (await deadlocksOf(on)) > before;
    await lockAgainstTheOrder(on, first, then);
    // Who meets whom is chance.
    for (let turn = 0; turn < 4 && !(await metOne()); turn++) await lockAgainstTheOrder(on, first, then);
    if (!(await metOne())) throw new Error('nothing was in a deadlock');
  },
  heal: () => {},
});

const half = (which: string) =>
  `select from movies where id ${which} (select percentile_disc(0.5) within group (order by id) from movies)
   order by id desc for update`;
const deadlockFaults: readonly Fault[] = [
  deadlocks('users', 'select from movies for update', 'select from users for update'),
  deadlocks('the worker', half('>='), half('<')),
];

const onRedis: readonly Topology[] = ['redis'];
const redisFaults: readonly Fault[] = [
  {
    name: 'kill -9 of Redis with its append-only file',
    topologies: onRedis,
    lastsMs: 2000,
    inject: (on) => on.redis?.signal('SIGKILL'),
    heal: (on) => on.redis?.startAgain(),
  },
  {
    name: 'kill -9 of Redis, the second half of its append-only file lost',
    topologies: onRedis,
    lastsMs: 2000,
    inject: (on) => on.redis?.signal('SIGKILL'),
    async heal(on) {
      await on.redis?.exited();
      await on.redis?.tear();
      await on.redis?.startAgain();
    },
    short: onRedis,
  },
  {
    name: 'FLUSHALL of Redis',
    topologies: onRedis,
    lastsMs: 0,
    inject: (on) => on.redis?.command('flushall'),
    heal: () => {},
    short: onRedis,
  },
  {
    name: 'SIGSTOP of Redis for 30 s',
    topologies: onRedis,
    lastsMs: hangMs,
    inject: (on) => on.redis?.signal('SIGSTOP'),
    heal: (on) => on.redis?.signal('SIGCONT'),
  },
  {
    name: 'Redis out of memory',
    topologies: onRedis,
    lastsMs,
    inject: (on) => on.redis?.command('config', 'set', 'maxmemory', '1mb'),
    heal: (on) => on.redis?.command('config', 'set', 'maxmemory', '0'),
  },
];

export const storeFaults: readonly Fault[] = [...postgresFaults, ...deadlockFaults, ...redisFaults];
