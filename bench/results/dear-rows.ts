import type { BenchRow } from '../bench.ts';

/** So many times the stored ratio is too much: a fifth worse. */
const mostGrowth = 1.2;

interface Ratio {
  held: string;
  ratio: number;
}

const ratiosOf = (rows: readonly BenchRow[]): Ratio[] =>
  rows.flatMap(({ held, measured, limit }) =>
    held === undefined || limit === undefined ? [] : [{ held, ratio: measured / limit }],
  );

/** The rows whose ratio is a fifth worse than the stored one, each as a sentence; and those that nothing is stored of. */
export function dearRows(rows: readonly BenchRow[], stored: readonly BenchRow[]): Map<string, string> {
  const known = new Map(ratiosOf(stored).map(({ held, ratio }) => [held, ratio]));
  const dear = new Map<string, string>();
  for (const { held, ratio } of ratiosOf(rows)) {
    const before = known.get(held);
    if (before === undefined) dear.set(held, `${held}: no figure is stored to compare with`);
    else if (!(ratio <= before * mostGrowth))
      dear.set(held, `${held}: ${ratio.toFixed(2)} times its limit, and it was ${before.toFixed(2)}`);
  }
  return dear;
}
