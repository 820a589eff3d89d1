import { databaseUrl } from '#tests/support/database.ts';
import type { BenchContext, BenchReport, BenchRow } from './bench.ts';
import { startChildProgram } from './child-program.ts';
import { fillCrowd } from './neighbours/fill-crowd.ts';
import type { RebuildCosts } from './neighbours/rebuild-program.ts';
import { peakMemoryMib } from './process-figures.ts';
import type { Amount } from './recommendations/invent-interactions.ts';

const whole: Amount = { users: 100_000, movies: 30_000, perUser: 265 };
const quarter: Amount = { ...whole, users: 25_000 };
const twentieth: Amount = { ...whole, users: 5000 };
const small: Amount = { users: 1200, movies: 300, perUser: 10 };

/** What the job `neighbours` costs with everything: reading, arithmetic, keeping what it has done, writing. */
const benchOf =
  (amount: Amount) =>
  async ({ smoke, postgres, say }: BenchContext): Promise<BenchReport> => {
    await using database = await postgres.database();
    const asked = smoke ? small : amount;
    say(`filling ${asked.users} users`);
    const interactions = await fillCrowd(database, asked, say);
    say(`${interactions} interactions`);
    await using child = await startChildProgram('./neighbours/rebuild-program.ts', {
      DATABASE_URL: databaseUrl(database),
    });
    const costs = (await child.ask('rebuild')) as RebuildCosts;
    const memory = await peakMemoryMib(child.pid);
    const note = `${interactions} interactions of ${asked.users} users, ${costs.movies} movies with neighbors`;
    const limits = amount === whole && !smoke;
    const row = (what: string, measured: number, unit: string, most?: number): BenchRow => ({
      what,
      measured,
      unit,
      note,
      ...(limits && most !== undefined ? { target: `≤ ${most}`, met: measured <= most } : {}),
    });
    const rows = [
      row('neighbours: whole job', costs.seconds, 's', 1200),
      row('neighbours: reading', costs.readingSeconds, 's'),
      row('neighbours: processor of the worker', costs.cpuSeconds, 's'),
      row('neighbours: most memory of the worker', memory, 'MiB', 1536),
      row('neighbours: longest wait of the event loop', costs.longestWaitMs, 'ms'),
    ];
    return { rows, data: note };
  };

export const benchNeighbours = benchOf(twentieth);
export const benchNeighboursQuarter = benchOf(quarter);
export const benchNeighboursWhole = benchOf(whole);
