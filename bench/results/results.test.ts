import { describe, expect, test } from 'bun:test';
import { Glob } from 'bun';
import packageJson from '../../package.json';
import { benches } from '../benches.ts';
import { dearRows } from './dear-rows.ts';
import { drawPlot } from './draw-plot.ts';
import { goals, isReached, judgedFigure } from './goals.ts';
import { commandOf, resultFiles } from './result-page.ts';
import { readResults, smokePart, storedPart } from './stored-results.ts';

const folder = new URL('..', import.meta.url);
const stored = await readResults();

describe('the page of results', () => {
  test('says what is stored, and so do its plots', async () => {
    const files = resultFiles(stored);
    for (const [path, text] of Object.entries(files))
      expect({ path, text: await Bun.file(new URL(path, folder)).text() }).toEqual({ path, text });
    const plots = [...new Glob('results/*.svg').scanSync({ cwd: Bun.fileURLToPath(folder) })];
    expect(plots.sort()).toEqual(
      Object.keys(files)
        .filter((path) => path.endsWith('.svg'))
        .sort(),
    );
  });

  test('names commands that there are', () => {
    expect(packageJson.scripts.bench).toEndWith(' bun bench/main.ts');
    const page = resultFiles(stored)['results.md'] ?? '';
    const named = [...page.matchAll(/`npm run bench results -- ([\w-]+)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThanOrEqual(Object.keys(goals).length);
    for (const name of named) expect([...Object.keys(benches), smokePart]).toContain(name);
    for (const { bench } of Object.values(goals)) expect(page).toContain(`\`${commandOf(bench)}\``);
  });

  test('has a figure for each line of a part that was measured', () => {
    for (const part of ['reads', 'overload', 'processes', 'sizes'])
      expect(Object.keys(stored)).toContain(part);
    const judged = Object.entries(goals).filter(([, { bench }]) => bench in stored);
    for (const [name, { bench }] of judged)
      expect([name, stored[bench]?.rows.some(({ goal }) => goal === name)]).toEqual([name, true]);
  });

  test('tells a reader nothing of the machine but what it is', () => {
    for (const text of Object.values(resultFiles(stored))) {
      expect(text).not.toMatch(/\/(home|root|tmp|work|Users)\/|localhost|127\.0\.0\.1/);
      expect(text.split('\n').filter((line) => line.length > 600)).toEqual([]);
    }
  });

  test('calls a goal missed when the worst of its figures misses it', () => {
    const part = (ratio: number) =>
      storedPart(
        {
          data: 'x',
          rows: [1, ratio].map((measured) => ({ what: 'x', measured, unit: 'µs', limit: 1, goal: 'hot' })),
        },
        1,
      );
    const lineOf = (ratio: number) =>
      resultFiles({ reads: part(ratio) })
        ['results.md']?.split('\n')
        .find((line) => line.includes(goals.hot.what));
    expect(lineOf(1.149)).toContain('| 1.00 to 1.15 × | reached |');
    expect(lineOf(1.1512)).toContain('| 1.00 to 1.15 × | **missed** |');
    expect(isReached(goals.peer, judgedFigure(goals.peer, { measured: 19.9, limit: 1 }))).toBe(false);
    expect(isReached(goals.split, judgedFigure(goals.split, { measured: 10 }))).toBe(true);
    expect(isReached(goals.hot, Number.NaN)).toBe(false);
  });
});

describe('a plot', () => {
  const lines = [
    { name: 'a & b', points: [1000, 1_000_000].map((x, at) => ({ x, y: 5 + at })) },
    { name: 'c', points: [1000, 1_000_000].map((x) => ({ x, y: 5.1 })) },
  ];

  test('is read on light and on dark', () => {
    const svg = drawPlot({ title: 'T', unit: 'µs' }, lines);
    expect(svg).toContain('class="panel"');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toContain('a &amp; b: 6');
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script/);
  });

  test('keeps all inside of it, and the names apart', () => {
    const many = Array.from({ length: 7 }, (_, n) => ({
      name: `line ${n}`,
      points: [{ x: 1000, y: n / 100 }],
    }));
    for (const svg of [
      drawPlot({ title: 'T', unit: 'ms' }, lines),
      drawPlot({ title: 'T', unit: 'ms' }, many),
    ]) {
      const all = [...svg.matchAll(/ (?:x|cx|x1|x2)="([\d.-]+)"/g)].map(([, x]) => Number(x));
      const heights = [...svg.matchAll(/ (?:y|cy|y1|y2)="([\d.-]+)"/g)].map(([, y]) => Number(y));
      expect(Math.min(...all, ...heights)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...all)).toBeLessThanOrEqual(860);
      expect(Math.max(...heights)).toBeLessThanOrEqual(400);
    }
    const names = [...drawPlot({ title: 'T', unit: 'ms' }, many).matchAll(/<text x="636" y="([\d.]+)"/g)]
      .map(([, y]) => Number(y))
      .sort((a, b) => a - b);
    expect(names).toHaveLength(7);
    for (const [at, y] of names.entries()) if (at > 0) expect(y - (names[at - 1] ?? 0)).toBeGreaterThan(17);
  });
});

describe('what --smoke refuses', () => {
  const row = (held: string, measured: number, limit = 1) => ({
    what: held,
    measured,
    limit,
    unit: 'µs',
    held,
  });

  test('is a ratio a fifth worse than the stored one, and one that is not stored', () => {
    const before = [row('a', 2), row('b', 20, 10)];
    expect([...dearRows([row('a', 2.3), row('b', 11.9, 10), row('b', 23.9, 10)], before)]).toEqual([]);
    expect([...dearRows([row('a', 2.41), row('b', 1), row('c', 1)], before).keys()]).toEqual(['a', 'c']);
    expect([...dearRows([row('a', Number.NaN)], before).keys()]).toEqual(['a']);
    expect([...dearRows([{ what: 'x', measured: 9, unit: 'µs' }], before)]).toEqual([]);
  });
});

test('the smoke has stored figures of the lanes that matter', () => {
  const held = stored[smokePart]?.rows.map(({ held }) => held) ?? [];
  expect(held).toEqual(expect.arrayContaining(['hot', 'hot-logged', 'cold', 'signed in: trending']));
});
