import type { Fault } from '../fault.ts';
import type { ProgramName, Topology } from '../installation.ts';

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
  storm,
];
