import { readArguments } from '#shared/read-arguments.ts';
import type { FaultResult } from './fault.ts';
import type { Topology } from './installation.ts';
import { allFaults } from './kinds.ts';
import { hasOwnRedis } from './own-redis.ts';
import { writeReport } from './report.ts';
import { runFaults } from './run-faults.ts';

const usage = `Usage: npm run faults -- [part of a name…] [--topology start|postgres|redis|replicated] [--write]

Injects faults into this service under traffic, on this machine, and tells what each one cost. Takes about an hour.
--topology  only this one: one process; an api and a worker; the same with Redis; the same with stores that fail over
--write     writes the figures into docs/reliability.md`;
const { values, positionals } = readArguments({
  usage,
  options: { topology: { type: 'string' }, write: { type: 'boolean', default: false } },
  positionals: Number.POSITIVE_INFINITY,
});

if (positionals.some((part) => !allFaults.some(({ name }) => name.includes(part)))) {
  process.stderr.write(`There is no fault with these words in its name.\n\n${usage}\n`);
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
  await runFaults(topology, faults, async (result) => {
    results.push(result);
    if (values.write) await writeReport([result]);
    const { fault, readOutageMs, writeOutageMs, recoveryMs, lost, faults: found } = result;
    say(
      `  ${found.length === 0 ? 'ok  ' : 'FAIL'} ${fault}: reads out ${seconds(readOutageMs)}, writes out ${seconds(writeOutageMs)}, all well after ${seconds(recoveryMs)}, lost ${lost}${found.map((one) => `\n         ${one}`).join('')}`,
    );
  });
}
process.exit(results.some(({ faults }) => faults.length > 0) ? 1 : 0);
