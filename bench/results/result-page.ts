import { figure } from '../report.ts';
import { drawPlot, type PlotLine } from './draw-plot.ts';
import { type Goal, type GoalName, goals, isReached, judgedFigure } from './goals.ts';
import { type PlotName, plots } from './plots.ts';
import { type StoredPart, type StoredResults, smokePart } from './stored-results.ts';

/** The page and its plots, by their paths beside each other. */
export function resultFiles(results: StoredResults): Record<string, string> {
  const drawn = (Object.keys(plots) as PlotName[]).flatMap((name) => {
    const lines = linesOf(results, name);
    return lines.length === 0 ? [] : [{ name, path: `results/${name}.svg`, lines }];
  });
  const page = [
    '# Results',
    '',
    'Written by `npm run bench results` from the figures in `results.json`, never by hand.',
    'With names, as in `npm run bench results -- reads sizes`, those parts are measured again, and the others stay as they are.',
    '',
    ...partsTable(results),
    '',
    '## How it is judged',
    '',
    'Ratios are of processor time a request, beside its limit in the same run. Where a line stands for several figures, it shows the least and the most, and the worst counts.',
    '',
    ...judgedTable(results),
    '',
    '## Over sizes',
    '',
    ...drawn.flatMap(({ name, path }) => [`![${plots[name].title}, in ${plots[name].unit}](${path})`, '']),
    '## All figures',
    '',
    ...Object.entries(results).flatMap(([name, part]) => [
      `### ${name}`,
      '',
      `${part.data}.`,
      '',
      ...rowsTable(part),
      '',
    ]),
  ];
  return {
    'results.md': `${page.join('\n').trimEnd()}\n`,
    ...Object.fromEntries(drawn.map(({ name, path, lines }) => [path, drawPlot(plots[name], lines)])),
  };
}

/** The commands that measure a part and store what it says. */
export const commandOf = (part: string) => `npm run bench results -- ${part}`;

const table = (headings: string[], rows: string[][]): string[] =>
  [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

const partsTable = (results: StoredResults) =>
  table(
    ['part', 'date', 'machine', 'load', 'took', 'command'],
    Object.entries(results).map(([name, { date, machine, load, seconds }]) => [
      ...[name, date, machine, load.toFixed(1), `${seconds} s`, `\`${commandOf(name)}\``],
    ]),
  );

const judgedTable = (results: StoredResults) =>
  table(
    ['what', 'goal', 'measured', '', 'command'],
    (Object.entries(goals) as [GoalName, Goal][]).map(([name, goal]) => {
      const { most, least, unit } = goal;
      const bound = most === undefined ? `≥ ${least} ${unit}` : `≤ ${most} ${unit}`;
      return [goal.what, bound, ...judged(results, name, goal), `\`${commandOf(goal.bench)}\``];
    }),
  );

function judged(results: StoredResults, name: GoalName, goal: Goal): [string, string] {
  const rows = results[goal.bench]?.rows.filter((row) => row.goal === name) ?? [];
  const figures = rows.map((row) => judgedFigure(goal, row)).sort((a, b) => a - b);
  const [first, last] = [figures[0], figures.at(-1)];
  if (first === undefined || last === undefined) return ['not measured', ''];
  const shown = first === last ? digits(first) : `${digits(first)} to ${digits(last)}`;
  return [`${shown} ${goal.unit}`, figures.every((it) => isReached(goal, it)) ? 'reached' : '**missed**'];
}

const digits = (value: number) => (Math.abs(value) < 10 ? value.toFixed(2) : figure(Math.round(value)));

const rowsTable = ({ rows }: StoredPart) =>
  table(
    ['what', 'measured', 'limit', 'm / l', 'note'],
    rows.map(({ what, measured, unit, limit, limitIs, note }) => [
      what,
      `${figure(measured)} ${unit}`,
      limit === undefined ? '' : `${figure(limit)} ${limitIs ?? ''}`.trim(),
      limit === undefined ? '' : digits(measured / limit),
      note ?? '',
    ]),
  );

function linesOf(results: StoredResults, plot: PlotName): PlotLine[] {
  const lines = new Map<string, PlotLine>();
  for (const [name, { rows }] of Object.entries(results)) {
    if (name === smokePart) continue;
    for (const { point, measured } of rows) {
      if (point?.plot !== plot) continue;
      const line = lines.get(point.line) ?? { name: point.line, points: [] };
      lines.set(point.line, line);
      line.points.push({ x: point.x, y: measured });
    }
  }
  return [...lines.values()];
}
