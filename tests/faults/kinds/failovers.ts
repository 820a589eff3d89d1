import type { Fault } from '../fault.ts';
import type { Topology } from '../installation.ts';

const replicated: readonly Topology[] = ['replicated'];

/** Whoever supervises the stores promotes, and later sets up the killed server as a standby. */
export const failoverFaults: readonly Fault[] = [
  {
    name: 'kill -9 of the PostgreSQL that takes writes, its standby promoted',
    topologies: replicated,
    lastsMs: 0,
    async inject({ pair }) {
      await pair?.primary.kill();
      await Bun.sleep(1000);
      await pair?.promote();
    },
    heal: () => {},
    short: replicated,
  },
  {
    name: 'the same back again, with a new standby in between',
    topologies: replicated,
    lastsMs: 0,
    async inject({ pair }) {
      await pair?.replaceStandby();
      await pair?.primary.kill();
      await pair?.promote();
    },
    heal: () => {},
  },
  {
    name: 'kill -9 of the Redis that takes writes, its sentinels fail over',
    topologies: replicated,
    lastsMs: 0,
    inject: ({ watchedRedis }) => watchedRedis?.killPrimary(),
    heal: () => {},
    short: replicated,
  },
  {
    name: 'the same with Redis back again',
    topologies: replicated,
    lastsMs: 0,
    async inject({ watchedRedis }) {
      await watchedRedis?.startKilled();
      await watchedRedis?.killPrimary();
    },
    heal: () => {},
  },
];
