import type { Plot } from './plots.ts';

export interface PlotLine {
  name: string;
  points: { x: number; y: number }[];
}

const [width, height] = [860, 400];
const frame = { left: 64, right: 620, top: 48, bottom: 340 };
/** Of a middle lightness: told from both backgrounds, and by people who do not see all colors. */
const colors = ['#2f81d6', '#d97706', '#159a78', '#c2528b', '#8a63d2', '#7d8590', '#b59a0c'];

/** Lines over a size in an SVG with a panel of its own, dark where the reader's system is; no scripts, no fonts. */
export function drawPlot({ title, unit }: Plot, lines: readonly PlotLine[]): string {
  const points = lines.flatMap((line) => line.points);
  const sizes = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const xOf = scale(Math.log10, [sizes[0] ?? 1, sizes.at(-1) ?? 1], [frame.left + 20, frame.right - 20]);
  const ticks = ticksOf(points.map(({ y }) => y));
  const ends: [number, number] = [ticks.at[0] ?? 0, ticks.at.at(-1) ?? 1];
  const yOf = scale(ticks.isLog ? Math.log10 : Number, ends, [frame.bottom, frame.top]);
  const labels = apart(lines.map(({ points }) => yOf(points.at(-1)?.y ?? 0)));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>.panel{fill:#fff}.grid{stroke:#d8dee4}text{fill:#24292f}@media(prefers-color-scheme:dark){.panel{fill:#161b22}.grid{stroke:#39414a}text{fill:#e6edf3}}</style>`,
    `<rect class="panel" width="${width}" height="${height}" rx="6"/>`,
    `<text x="16" y="26" font-size="15">${escapeXml(`${title} (${unit})`)}</text>`,
    ...ticks.at.flatMap((value) => [
      `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${yOf(value)}" y2="${yOf(value)}"/>`,
      `<text x="${frame.left - 8}" y="${yOf(value) + 4}" text-anchor="end">${short(value)}</text>`,
    ]),
    ...sizes.flatMap((size) => [
      `<line class="grid" x1="${xOf(size)}" x2="${xOf(size)}" y1="${frame.top}" y2="${frame.bottom}"/>`,
      `<text x="${xOf(size)}" y="${frame.bottom + 22}" text-anchor="middle">${short(size)}</text>`,
      `<text x="${xOf(size)}" y="${frame.bottom + 40}" text-anchor="middle">${short(size / 10)}</text>`,
    ]),
    `<text x="10" y="${frame.bottom + 22}">movies</text>`,
    `<text x="10" y="${frame.bottom + 40}">users</text>`,
    ...lines.flatMap(({ name, points }, index) => {
      const color = colors[index % colors.length];
      const places = points.map(({ x, y }) => `${xOf(x)},${yOf(y)}`);
      const last = points.at(-1)?.y ?? 0;
      return [
        `<polyline fill="none" stroke="${color}" stroke-width="2.5" points="${places.join(' ')}"/>`,
        ...points.map(({ x, y }) => `<circle fill="${color}" r="4" cx="${xOf(x)}" cy="${yOf(y)}"/>`),
        `<circle fill="${color}" r="4" cx="${frame.right + 6}" cy="${labels[index]}"/>`,
        `<text x="${frame.right + 16}" y="${(labels[index] ?? 0) + 4}">${escapeXml(`${name}: ${short(last)}`)}</text>`,
      ];
    }),
    '</svg>',
  ].join('\n')}\n`;
}

type Ends = [number, number];

/** From one range to another; rounded, so that the file says no more than can be seen. */
function scale(of: (value: number) => number, [from, to]: Ends, [start, end]: Ends) {
  const whole = of(to) - of(from) || 1;
  return (value: number) => Math.round((start + ((of(value) - of(from)) / whole) * (end - start)) * 10) / 10;
}

/** Decades where the figures span far, else even steps from zero. */
function ticksOf(values: readonly number[]): { isLog: boolean; at: number[] } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && most / least > 20) {
    const first = Math.floor(Math.log10(least));
    const count = Math.ceil(Math.log10(most)) - first + 1;
    return { isLog: true, at: Array.from({ length: count }, (_, n) => 10 ** (first + n)) };
  }
  const decade = 10 ** Math.floor(Math.log10(most || 1));
  const step = [0.2, 0.5, 1, 2].map((part) => part * decade).find((step) => most / step <= 6) ?? decade;
  return { isLog: false, at: Array.from({ length: Math.ceil(most / step) + 1 }, (_, n) => n * step) };
}

/** Heights of the names beside the ends of their lines, moved down where they would cover each other. */
function apart(heights: readonly number[]): number[] {
  const placed = [...heights];
  const order = [...heights.keys()].sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const room = 18;
  order.forEach((index, n) => {
    const above = n === 0 ? 0 : (placed[order[n - 1] ?? 0] ?? 0) + room;
    const below = frame.bottom - room * (order.length - 1 - n);
    placed[index] = Math.max(above, Math.min(placed[index] ?? 0, below));
  });
  return placed;
}

const short = (value: number) => Number(value.toPrecision(3)).toLocaleString('en-US');
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
