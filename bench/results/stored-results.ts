import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BenchReport } from '../bench.ts';
import { type GoalName, goals } from './goals.ts';
import { type PlotName, plots } from './plots.ts';

const Row = z.strictObject({
  what: z.string(),
  measured: z.number(),
  unit: z.string(),
  limit: z.number().optional(),
  limitIs: z.string().optional(),
  target: z.string().optional(),
  met: z.boolean().optional(),
  note: z.string().optional(),
  goal: z.enum(Object.keys(goals) as GoalName[]).optional(),
  point: z
    .strictObject({ plot: z.enum(Object.keys(plots) as PlotName[]), line: z.string(), x: z.number() })
    .optional(),
  held: z.string().optional(),
});

const Part = z.strictObject({
  date: z.iso.date(),
  machine: z.string(),
  /** Of the machine in the last minute: others may have worked on it, too. */
  load: z.number(),
  seconds: z.number(),
  data: z.string(),
  rows: z.array(Row),
});

/** What each part said when it was last measured, by the part's name. */
export const StoredResults = z.record(z.string(), Part);
export type StoredPart = z.infer<typeof Part>;
export type StoredResults = z.infer<typeof StoredResults>;

/** Where `--smoke`'s own figures are: they are small and short, and only comparable with each other. */
export const smokePart = 'smoke';

const path = fileURLToPath(new URL('../results.json', import.meta.url));

export async function readResults(): Promise<StoredResults> {
  return StoredResults.parse(await Bun.file(path).json());
}

export async function writeResults(results: StoredResults): Promise<void> {
  await Bun.write(path, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** A part as it is stored: figures of four digits, and what it was measured on. */
export function storedPart({ rows, data }: BenchReport, seconds: number): StoredPart {
  const [processor] = cpus();
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  const part = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processor?.model.trim()}, ${availableParallelism()} cores, ${memoryGib} GiB, Bun ${Bun.version}`,
    load: loadavg()[0],
    seconds: Math.round(seconds),
    data,
    rows,
  };
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return Part.parse(JSON.parse(JSON.stringify(part, rounded)));
}
