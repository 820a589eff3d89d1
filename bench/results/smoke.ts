import type { Bench, BenchContext, BenchReport, BenchRow } from '../bench.ts';
import { benchReads } from '../reads.ts';
import { median } from '../statistics.ts';
import { dearRows } from './dear-rows.ts';
import { readResults, smokePart } from './stored-results.ts';

const times = 3;

/** What `--smoke` is held against: the middle of several small and short runs. */
export async function benchSmoke(context: BenchContext): Promise<BenchReport> {
  const reports: BenchReport[] = [];
  while (reports.length < times) reports.push(await benchReads({ ...context, smoke: true }));
  const middle = (row: BenchRow): BenchRow => {
    const same = reports.flatMap(({ rows }) => rows.filter(({ held }) => held === row.held));
    const limit = median(same.map(({ limit = Number.NaN }) => limit));
    const ratio = median(same.map(({ measured, limit = Number.NaN }) => measured / limit));
    const { what, held, unit, limitIs } = row;
    return { what, held, measured: ratio * limit, unit, limit, limitIs };
  };
  const [first] = reports;
  const rows = first?.rows.filter(({ held }) => held !== undefined).map(middle) ?? [];
  return { rows, data: `the middle of ${times} runs of \`npm run bench reads -- --smoke\`` };
}

/** What is dear so often in a row is so. */
const attempts = 3;

/**
 * The bench, small and short. What costs a fifth more than is stored is measured again, as other programs disturb.
 * @throws {Error} when it costs too much each time
 */
export async function runHeld(bench: Bench, context: BenchContext): Promise<BenchReport> {
  const stored = (await readResults())[smokePart]?.rows ?? [];
  let report = await bench(context);
  let dear = dearRows(report.rows, stored);
  for (let attempt = 2; attempt <= attempts && dear.size > 0; attempt++) {
    context.say(`again, as these are dear: ${[...dear.values()].join('; ')}`);
    report = await bench(context);
    const still = dearRows(report.rows, stored);
    dear = new Map([...still].filter(([held]) => dear.has(held)));
  }
  if (dear.size === 0) return report;
  const sentences = [...dear.values()].join('; ');
  throw new Error(
    `${sentences}. If that is meant to be, store new figures: npm run bench results -- ${smokePart}`,
  );
}
