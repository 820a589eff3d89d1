import { availableParallelism, loadavg } from 'node:os';
import { readArguments } from '#shared/read-arguments.ts';
import type { Bench, BenchReport } from './bench.ts';
import { openBenchPostgres } from './bench-postgres.ts';
import { benchCosts } from './costs.ts';
import { benchFreshness } from './freshness.ts';
import { benchLogins } from './logins.ts';
import { benchNeighbours, benchNeighboursWhole } from './neighbours.ts';
import { benchReads } from './reads.ts';
import { findRealData } from './real/find-real-data.ts';
import { benchRealMirror } from './real-mirror.ts';
import { benchRecommendations } from './recommendations.ts';
import { tableOf } from './report.ts';
import { benchSearch } from './search.ts';
import { benchSyncKill } from './sync-kill.ts';
import { benchSyncRate } from './sync-rate.ts';
import { benchWriteRate } from './write-rate.ts';

const benches: Record<string, Bench> = {
  reads: benchReads,
  costs: benchCosts,
  logins: benchLogins,
  'sync-rate': benchSyncRate,
  'sync-kill': benchSyncKill,
  'write-rate': benchWriteRate,
  search: benchSearch,
  freshness: benchFreshness,
  'real-mirror': benchRealMirror,
  recommendations: benchRecommendations,
  neighbours: benchNeighbours,
  'neighbours-whole': benchNeighboursWhole,
};
/** Those that take long even when small. */
const notInSmoke = new Set(['sync-kill', 'neighbours-whole']);
/** Those that need minutes and gigabytes: only for who names them. */
const onlyByName = new Set(['neighbours-whole']);

const usage = `Usage: npm run bench -- [name…] [--smoke] [--json] [--keep folder]

Measures this machine with this service. Names: ${Object.keys(benches).join(', ')}. Without a name: all but neighbours-whole.
--smoke  small and short: to see whether the benches run
--json   prints the figures as JSON
--keep   keeps the large databases in this folder, and finds them there again`;

function readCommand() {
  const { values, positionals } = readArguments({
    usage,
    options: {
      smoke: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
    positionals: Number.POSITIVE_INFINITY,
  });
  const unknown = positionals.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}.\n\n${usage}`);
    process.exit(2);
  }
  const chosen = Object.keys(benches).filter(
    (name) => !(values.smoke && notInSmoke.has(name)) && !onlyByName.has(name),
  );
  return { ...values, names: positionals.length > 0 ? positionals : chosen };
}

const { names, smoke, json, keep } = readCommand();
const realData = findRealData(process.env);
const startedMs = performance.now();
const say = (line: string) => process.stderr.write(`${line}\n`);
const reports: Record<string, BenchReport | { error: string }> = {};
{
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await openBenchPostgres(keep));
  // Only what would outlive us has to be ended; the rest ends with its parent.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stack.disposeAsync().finally(() => process.exit(130)));
  for (const name of names) {
    const bench = benches[name];
    if (bench === undefined) continue;
    say(`— ${name}…`);
    try {
      const report = await bench({ smoke, postgres, realData, say: (line) => say(`  ${line}`) });
      reports[name] = report;
      if (!json) console.log(`\n${name}\n${tableOf(report.rows)}\n`);
    } catch (error) {
      reports[name] = { error: error instanceof Error ? error.message : String(error) };
      console.error(`\n${name} BROKE:`, error);
    }
  }
}
if (json) console.log(JSON.stringify({ smoke, reports }, undefined, 2));
const data = Object.entries(reports).map(([name, report]) =>
  'data' in report ? `${name}: ${report.data}` : `${name}: broke`,
);
const busy = `load ${loadavg()[1]?.toFixed(1)} on ${availableParallelism()} processors`;
const seconds = Math.round((performance.now() - startedMs) / 1000);
(json ? console.error : console.log)(
  `${seconds} s, ${busy}${smoke ? ', --smoke: small and short, figures mean little' : ''}; data used: ${data.join('; ')}`,
);
process.exit(Object.values(reports).some((report) => 'error' in report) ? 1 : 0);
