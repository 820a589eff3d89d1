import { mapInSlices } from '../http/input/in-slices.ts';
import { fiveStars, tenPoints } from './cell-values.ts';
import type { TableRow } from './collect-rows.ts';

/** Reads a cell of the column `Rating`. */
export type RatingScale = typeof fiveStars;

const hundred: RatingScale = (text) => tenPoints(/^\d+([.,]\d+)?$/.test(text) ? `${text}%` : text);

/** Several ratings beyond five stars that are so large a part of all are no slips. */
const leastBeyond = { five: 2, ten: 3 };
const leastPart = 0.2;

/**
 * Of how many points the ratings of a column are. Letterboxd means stars; in files from elsewhere the same column has
 * ten points or a hundred, and 4 of 10 must not become 4 of 5.
 */
export async function scaleOf(rows: readonly TableRow[]): Promise<RatingScale> {
  const given: number[] = [];
  await mapInSlices(rows, ({ cells, columns }) => {
    const cell = columns.read(cells, 'rating5');
    if (/^\d+([.,]\d+)?$/.test(cell)) given.push(Number(cell.replace(',', '.')));
  });
  const beyond = (most: number) => given.filter((it) => it > most).length;
  const isBeyond = (most: number, least: number) => beyond(most) >= Math.max(least, given.length * leastPart);
  if (isBeyond(10, leastBeyond.ten) && beyond(100) === 0) return hundred;
  return isBeyond(5, leastBeyond.five) && beyond(10) === 0 ? tenPoints : fiveStars;
}
