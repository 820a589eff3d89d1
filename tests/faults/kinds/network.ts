import type { WireState } from '#tests/support/wire.ts';
import type { Fault } from '../fault.ts';
import type { Topology, WireName } from '../installation.ts';

const lastsMs = 15_000;

const states: Readonly<Record<Exclude<WireState, 'pass'>, string>> = {
  swallow: 'acknowledged and never answered',
  reset: 'reset',
  refuse: 'refused',
  trickle: 'trickling',
};

const wires: readonly [name: WireName, between: string, topologies: readonly Topology[]][] = [
  ['api-postgres', 'api and PostgreSQL', ['postgres', 'redis']],
  ['worker-postgres', 'worker and PostgreSQL', ['postgres', 'redis']],
  ['api-redis', 'api and Redis', ['redis']],
  ['worker-redis', 'worker and Redis', ['redis']],
  ['worker-tmdb', 'worker and TMDb', ['start', 'postgres', 'redis']],
];

/** In the short form: what hung for good once. */
const shortWires: Partial<Record<WireName, readonly Topology[]>> = {
  'worker-postgres': ['postgres'],
  'worker-redis': ['redis'],
};

const faultOf = (
  [wire, between, topologies]: (typeof wires)[number],
  [state, words]: [string, string],
): Fault => ({
  name: `between ${between}: ${words}`,
  topologies,
  lastsMs,
  inject: (on) => on.wire(wire).become(state as WireState),
  heal: (on) => on.wire(wire).become('pass'),
  ...(state === 'swallow' && wire in shortWires ? { short: shortWires[wire] ?? [] } : {}),
});

export const networkFaults: readonly Fault[] = wires.flatMap((wire) =>
  Object.entries(states).map((state) => faultOf(wire, state)),
);
