import type { Bench } from './bench.ts';
import { benchCosts, benchCostsMillion, benchCostsUsual } from './costs.ts';
import { benchFreshness } from './freshness.ts';
import { benchLogins } from './logins.ts';
import { benchNeighbours, benchNeighboursQuarter, benchNeighboursWhole } from './neighbours.ts';
import { benchNeighboursKilled } from './neighbours-killed.ts';
import { benchOverload } from './overload.ts';
import { benchPostedUsers } from './posted-users.ts';
import { benchProcesses } from './processes.ts';
import { benchReads } from './reads.ts';
import { benchRealMirror } from './real-mirror.ts';
import { benchRecommendations } from './recommendations.ts';
import { benchSearch } from './search.ts';
import { benchSizes } from './sizes.ts';
import { benchSyncKill } from './sync-kill.ts';
import { benchSyncRate } from './sync-rate.ts';
import { benchSyncReads } from './sync-reads.ts';
import { benchSyncSoak } from './sync-soak.ts';
import { benchWriteRate } from './write-rate.ts';

export const benches: Record<string, Bench> = {
  reads: benchReads,
  processes: benchProcesses,
  overload: benchOverload,
  costs: benchCosts,
  'costs-usual': benchCostsUsual,
  'costs-million': benchCostsMillion,
  logins: benchLogins,
  'sync-rate': benchSyncRate,
  'sync-soak': benchSyncSoak,
  'sync-reads': benchSyncReads,
  'sync-kill': benchSyncKill,
  'write-rate': benchWriteRate,
  search: benchSearch,
  freshness: benchFreshness,
  'real-mirror': benchRealMirror,
  recommendations: benchRecommendations,
  'posted-users': benchPostedUsers,
  neighbours: benchNeighbours,
  'neighbours-quarter': benchNeighboursQuarter,
  'neighbours-whole': benchNeighboursWhole,
  'neighbours-killed': benchNeighboursKilled,
  sizes: benchSizes,
};
