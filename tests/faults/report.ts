import { fileURLToPath } from 'node:url';
import type { FaultResult } from './fault.ts';

const file = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
const begin = '<!-- faults: written by `npm run faults -- --write` -->';
const end = '<!-- end of the faults -->';

/** Puts the figures between the two marks; the rows of faults that did not run now stay. */
export async function writeReport(results: readonly FaultResult[]): Promise<void> {
  const text = await Bun.file(file).text();
  const [before = '', rest = ''] = text.split(begin);
  const [old = '', after = ''] = rest.split(end);
  const rows = new Map(rowsOf(old));
  for (const [key, ofFault] of byFault(results)) rows.set(key, rowOf(ofFault));
  const table = [
    '| fault | setup | times | writes and reads under it | lost | reads out | writes out | all well again after |',
    '|---|---|---|---|---|---|---|---|',
    ...[...rows.values()],
  ].join('\n');
  await Bun.write(file, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}

const keyOf = ({ fault, topology }: FaultResult) => `| ${fault} | ${topology}`;

function byFault(results: readonly FaultResult[]): Map<string, FaultResult[]> {
  const grouped = new Map<string, FaultResult[]>();
  for (const result of results) grouped.set(keyOf(result), [...(grouped.get(keyOf(result)) ?? []), result]);
  return grouped;
}

const rowsOf = (table: string): [string, string][] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| fault '))
    .map((line) => [line.split(' | ').slice(0, 2).join(' | '), line]);

function rowOf(results: readonly FaultResult[]): string {
  const sum = (of: (result: FaultResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const worst = (of: (result: FaultResult) => number) =>
    `${(Math.max(...results.map(of)) / 1000).toFixed(1)} s`;
  const [first] = results;
  const cells = [
    `${first?.fault}`,
    `${first?.topology}`,
    results.length,
    `${sum(({ writes }) => writes)}, ${sum(({ reads }) => reads)}`,
    sum(({ lost }) => lost) === 0 ? 'nothing' : `${sum(({ lost }) => lost)} writes`,
    worst(({ readOutageMs }) => readOutageMs),
    worst(({ writeOutageMs }) => writeOutageMs),
    results.every(({ faults }) => faults.length === 0)
      ? worst(({ recoveryMs }) => recoveryMs)
      : `NOT: ${results.flatMap(({ faults }) => faults)[0]?.replaceAll('|', '/')}`,
  ];
  return `| ${cells.join(' | ')} |`;
}
