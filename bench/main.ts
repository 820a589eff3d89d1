import { availableParallelism, loadavg } from 'node:os';
import { readArguments } from '#shared/read-arguments.ts';
import { sayFailure } from '#shared/say-failure.ts';
import type { BenchReport } from './bench.ts';
import { openBenchPostgres } from './bench-postgres.ts';
import { benches } from './benches.ts';
import { findRealData } from './real/find-real-data.ts';
import { tableOf } from './report.ts';
import { benchSmoke, runHeld } from './results/smoke.ts';
import { storeResults } from './results/store-results.ts';
import { smokePart, storedPart } from './results/stored-results.ts';

/** Those that take long even when small. */
const notInSmoke = new Set([
  'posted-users',
  'sync-kill',
  'costs-usual',
  'costs-million',
  'neighbours-whole',
  'overload',
  'sizes',
]);
/** Those that need minutes and gigabytes: only for who names them. */
const onlyByName = new Set([
  'costs-usual',
  'costs-million',
  'neighbours-quarter',
  'neighbours-whole',
  'neighbours-killed',
]);
/** Those that compare processor time: what runs beside them disturbs them. */
const needQuiet = new Set(['reads', 'processes', 'overload', 'costs', 'sync-reads', 'sizes']);
/** Those of them whose figures `--smoke` judges by a fifth. `costs` measures again what seems dear, and bears others. */
const quietInSmoke = new Set(['reads']);
/** What `results` measures without names. */
const resultParts = ['reads', 'processes', 'overload', 'sync-reads', 'sizes', smokePart];

const usage = `Usage: npm run bench -- [name…] [--smoke] [--quiet | --busy] [--without name] [--json] [--keep folder]
       npm run bench results -- [name…]

Measures this machine with this service. Names: ${Object.keys(benches).join(', ')}. Without a name: all but ${[...onlyByName].join(', ')}.
--smoke    small and short: to see whether the benches run
--quiet    without a name: only ${[...needQuiet].join(', ')}, which want a quiet machine;
           with --smoke only ${[...quietInSmoke].join(', ')}
--busy     without a name: only the others, which bear a busy one
--without  without a name: leaves this one out
--json     prints the figures as JSON
--keep     keeps the large databases in this folder, and finds them there again

results stores what it measures in bench/results.json, and writes bench/results.md anew.
Without a name: ${resultParts.join(', ')}. ${smokePart} is what --smoke is held against.`;

function readCommand() {
  const { values, positionals } = readArguments({
    usage,
    options: {
      smoke: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      busy: { type: 'boolean', default: false },
      without: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
    positionals: Number.POSITIVE_INFINITY,
  });
  const isStored = positionals[0] === 'results';
  const asked = isStored ? positionals.slice(1) : positionals;
  const named = [...asked, ...(values.without === undefined ? [] : [values.without])];
  const unknown = named.filter((name) => !(name in benches) && !(isStored && name === smokePart));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}.\n\n${usage}`);
    process.exit(2);
  }
  if (isStored && values.smoke) {
    console.error(`What --smoke measures is not stored.\n\n${usage}`);
    process.exit(2);
  }
  const { smoke, quiet, busy, without } = values;
  const wantsQuiet = (name: string) => (smoke ? quietInSmoke : needQuiet).has(name);
  const isMeant = (name: string) =>
    name !== without &&
    !(smoke && notInSmoke.has(name)) &&
    !onlyByName.has(name) &&
    !(quiet && !wantsQuiet(name)) &&
    !(busy && wantsQuiet(name));
  const all = isStored ? resultParts : Object.keys(benches).filter(isMeant);
  return { ...values, isStored, names: asked.length > 0 ? asked : all };
}

const { names, smoke, json, keep, isStored } = readCommand();
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
    const bench = name === smokePart ? benchSmoke : benches[name];
    if (bench === undefined) continue;
    say(`— ${name}…`);
    const partMs = performance.now();
    try {
      const context = { smoke, postgres, realData, say: (line: string) => say(`  ${line}`) };
      const report = smoke ? await runHeld(bench, context) : await bench(context);
      const seconds = (performance.now() - partMs) / 1000;
      say(`  ${seconds.toFixed(0)} s`);
      reports[name] = report;
      if (isStored) await storeResults({ [name]: storedPart(report, seconds) });
      if (!json) console.log(`\n${name}\n${tableOf(report.rows)}\n`);
    } catch (error) {
      reports[name] = { error: error instanceof Error ? error.message : String(error) };
      console.error(`\n${name} BROKE: ${sayFailure(error)}`);
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
