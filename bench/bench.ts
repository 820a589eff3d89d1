import type { BenchPostgres } from './bench-postgres.ts';
import type { GoalName } from './results/goals.ts';
import type { PlotName } from './results/plots.ts';

/** One line of the report: what was measured and, from the same run, the limit it is held against. */
export interface BenchRow {
  what: string;
  measured: number;
  unit: string;
  /** What cannot be beaten (or must be met), in the same unit. */
  limit?: number | undefined;
  limitIs?: string | undefined;
  /** What was promised, in words. */
  target?: string | undefined;
  /** Whether that was kept; a timing that misses it is shown, and fails nothing. */
  met?: boolean | undefined;
  note?: string | undefined;
  /** The line of "How it is judged" that it belongs to. */
  goal?: GoalName | undefined;
  /** Where it stands in a plot of the results. */
  point?: { plot: PlotName; line: string; x: number } | undefined;
  /** The name under which `--smoke` holds its ratio against the stored one. */
  held?: string | undefined;
}

export interface BenchContext {
  /** Everything small: whether it works, not how fast it is. */
  smoke: boolean;
  postgres: BenchPostgres;
  /** The folder of real records, if there is one. */
  realData: string | undefined;
  /** Progress for whoever watches. */
  say: (line: string) => void;
}

export interface BenchReport {
  rows: BenchRow[];
  /** What data it ran on. */
  data: string;
}

/** @throws {Error} when something is wrong that is not a matter of speed */
export type Bench = (context: BenchContext) => Promise<BenchReport>;

/** @throws {Error} when the two differ: a wrong count is no matter of speed */
export function mustEqual(what: string, measured: number, expected: number): void {
  if (measured !== expected) throw new Error(`${what}: ${measured}, but it must be ${expected}`);
}
