import { until } from '#tests/support/until.ts';
import type { Fault } from '../fault.ts';
import { headersOf, type ProgramName, type Topology } from '../installation.ts';

const hangMs = 30_000;
const apart: readonly Topology[] = ['postgres', 'redis'];

const placesOf = (name: ProgramName): readonly Topology[] => (name === 'start' ? ['start'] : apart);
const programs: readonly ProgramName[] = ['start', 'api', 'worker'];

const killed = (name: ProgramName): Fault => ({
  name: `kill -9 of ${name}`,
  topologies: placesOf(name),
  lastsMs: 500,
  inject: (on) => on.program(name).kill('SIGKILL'),
  heal: async (on) => {
    await on.program(name).exited;
    on.startAgain(name);
  },
  ...(name === 'worker' ? { short: ['redis'] } : {}),
});

const ended = (name: ProgramName): Fault => ({
  name: `SIGTERM of ${name}`,
  topologies: placesOf(name),
  lastsMs: 100,
  inject: (on) => on.program(name).kill('SIGTERM'),
  heal: async (on) => {
    const code = await on.program(name).exited;
    on.startAgain(name);
    if (code !== 0) throw new Error(`${name} ended with exit ${code}`);
  },
});

const stopped = (name: ProgramName): Fault => ({
  name: `SIGSTOP of ${name} for 30 s`,
  topologies: placesOf(name),
  lastsMs: hangMs,
  inject: (on) => on.program(name).kill('SIGSTOP'),
  heal: (on) => on.program(name).kill('SIGCONT'),
});

/** Its lease and its job have to run out before anybody takes them up. */
const killedInRun: Fault = {
  name: 'kill -9 of the worker in the middle of a run',
  topologies: apart,
  lastsMs: 500,
  async inject(on) {
    on.sandbox.misbehave([{ kind: 'slow', delayMs: 1000 }]);
    await on.rows("update movies set fetched_at = now() - interval '40 days' where state = 'detailed'");
    const headers = await headersOf(await on.account('admin'));
    await fetch(`${on.url}/api/admin/sync/details`, { method: 'POST', headers });
    const isRunning = "select from sync_runs where job = 'details' and status = 'running' and seen > 0";
    await until(async () => (await on.rows(isRunning)).length > 0, 30_000);
    on.program('worker').kill('SIGKILL');
  },
  async heal(on) {
    await on.program('worker').exited;
    on.sandbox.misbehave([]);
    on.startAgain('worker');
  },
};

const storm: Fault = {
  name: 'five starts and kills of the worker in a row',
  topologies: apart,
  lastsMs: 0,
  async inject(on) {
    for (let turn = 0; turn < 5; turn++) {
      on.program('worker').kill('SIGKILL');
      await on.program('worker').exited;
      on.startAgain('worker');
      await Bun.sleep(300 + turn * 400);
    }
  },
  heal: () => {},
};

export const processFaults: readonly Fault[] = [
  ...programs.map(killed),
  ...programs.map(ended),
  ...programs.map(stopped),
  killedInRun,
  storm,
];
