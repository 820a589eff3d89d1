import type { BenchRow } from './bench.ts';

const headings = ['what', 'measured', 'limit', 'm / l', 'target', 'note'];

/** The rows of one bench as lines of text. */
export function tableOf(rows: readonly BenchRow[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ what, measured, unit, limit, limitIs, target, met, note }: BenchRow): string[] {
  const ratio = limit === undefined || limit === 0 ? '' : (measured / limit).toPrecision(3);
  const limitText = limit === undefined ? '' : `${figure(limit)} ${limitIs ?? ''}`.trim();
  const targetText =
    target === undefined ? '' : `${target}${met === undefined ? '' : met ? ': met' : ': MISSED'}`;
  return [what, `${figure(measured)} ${unit}`, limitText, ratio, targetText, note ?? ''];
}

export function figure(n: number): string {
  if (Number.isInteger(n)) return n.toLocaleString('en-US');
  return Math.abs(n) >= 1000 ? Math.round(n).toLocaleString('en-US') : n.toPrecision(3);
}
