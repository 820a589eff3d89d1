import type { Fault } from './fault.ts';
import { clockFaults } from './kinds/clocks.ts';
import { diskFaults } from './kinds/disks.ts';
import { failoverFaults } from './kinds/failovers.ts';
import { networkFaults } from './kinds/network.ts';
import { processFaults } from './kinds/processes.ts';
import { storeFaults } from './kinds/stores.ts';
import { upstreamFaults } from './kinds/upstream.ts';
import { workFaults } from './kinds/work.ts';

/** Everything that is injected. */
export const allFaults: readonly Fault[] = [
  ...processFaults,
  ...storeFaults,
  ...diskFaults,
  ...failoverFaults,
  ...clockFaults,
  ...networkFaults,
  ...upstreamFaults,
  ...workFaults,
];
