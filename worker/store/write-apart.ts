import { isRefusedValue } from '#shared/db/is-refused-value.ts';

/** Told of each row that the store refuses by itself. */
type Lose<Row> = (row: Row, error: unknown) => void;

/**
 * Writes all rows at once. Where the store refuses a value, it writes each half by itself, down to the rows at fault:
 * they alone are lost.
 * @returns the results of the writes that succeeded
 */
export async function writeApart<Row, Result>(
  rows: readonly Row[],
  write: (part: readonly Row[]) => Promise<Result>,
  lose: Lose<Row>,
): Promise<Result[]> {
  try {
    return [await write(rows)];
  } catch (error) {
    const [first] = rows;
    if (!isRefusedValue(error) || first === undefined) throw error;
    if (rows.length === 1) {
      lose(first, error);
      return [];
    }
    const middle = Math.ceil(rows.length / 2);
    const before = await writeApart(rows.slice(0, middle), write, lose);
    return [...before, ...(await writeApart(rows.slice(middle), write, lose))];
  }
}

/** Does the same for rows that belong together: those that the store takes one by one are written as a whole then. */
export async function writeTogether<Row, Result>(
  rows: readonly Row[],
  {
    write,
    tryOut,
    lose,
  }: {
    write: (rows: readonly Row[]) => Promise<Result>;
    tryOut: (part: readonly Row[]) => Promise<unknown>;
    lose: Lose<Row>;
  },
): Promise<Result> {
  try {
    return await write(rows);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    const refused = new Set<Row>();
    await writeApart(rows, tryOut, (row, why) => {
      refused.add(row);
      lose(row, why);
    });
    return write(rows.filter((row) => !refused.has(row)));
  }
}
