import { readArguments } from '#shared/read-arguments.ts';
import type { FaultResult } from './fault.ts';
import { enterOwnNamespace } from './in-own-namespace.ts';
import type { Topology } from './installation.ts';
import { allFaults } from './kinds.ts';
import { hasOwnRedis } from './own-redis.ts';
import { writeReport } from './report.ts';
import { runFaults } from './run-faults.ts';

const usage = `Usage: npm run faults -- [part of a name…] [--topology start|postgres|redis|replicated] [--times 1] [--write]

Injects faults into this service under traffic, on this machine, and tells what each one cost. Takes over an hour.
--topology  only this one: one process; an api and a worker; the same with Redis; the same with stores that fail over
--times     injects each so often, in turns
--write     writes the figures into docs/reliability.md`;
const { values, positionals } = readArguments({
  usage,
  options: {
    topology: { type: 'string' },
    times: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
  positionals: Number.POSITIVE_INFINITY,
});

await enterOwnNamespace();
if (positionals.some((part) => !allFaults.some(({ name }) => name.includes(part)))) {
  process.stderr.write(`There is no fault with these words in its name.\n\n${usage}\n`);
  process.exit(2);
}
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1) {
  process.stderr.write(`--times is a number from 1.\n\n${usage}\n`);
  process.exit(2);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const results: FaultResult[] = [];
for (const topology of ['start', 'postgres', 'redis', 'replicated'] satisfies Topology[]) {
  if (values.topology !== undefined && values.topology !== topology) continue;
  if ((topology === 'redis' || topology === 'replicated') && !hasOwnRedis) continue;
  const faults = allFaults.filter(
    ({ name, topologies }) =>
      (topologies as readonly Topology[]).includes(topology) &&
      (positionals.length === 0 || positionals.some((part) => name.includes(part))),
  );
  if (faults.length === 0) continue;
  say(`\n${topology}: ${faults.length} faults`);
  const turns = Array.from({ length: times }, () => faults).flat();
  await runFaults(topology, turns, async (result) => {
    results.push(result);
    const ofFault = results.filter((one) => one.fault === result.fault && one.topology === result.topology);
    if (values.write) await writeReport(ofFault);
    const { fault, readOutageMs, writeOutageMs, recoveryMs, lost, faults: found } = result;
    say(
      `  ${found.length === 0 ? 'ok  ' : 'FAIL'} ${fault}: reads out ${seconds(readOutageMs)}, writes out ${seconds(writeOutageMs)}, all well after ${seconds(recoveryMs)}, lost ${lost}${found.map((one) => `\n         ${one}`).join('')}`,
    );
  });
}
process.exit(results.some(({ faults }) => faults.length > 0) ? 1 : 0);
