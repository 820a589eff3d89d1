import { NexusError } from '#shared/errors.ts';
import type { ListDates } from '#shared/sync/list-snapshot.ts';

/** How many of TMDb's pages of 20 are kept. */
const mostPages = 10;
const pageSize = 20;

interface Page<Row> {
  page: number;
  rows: readonly Row[];
  totalPages: number;
  dates?: ListDates | undefined;
}

export interface ReadList<Row> {
  rows: Row[];
  dates: ListDates | undefined;
}

/**
 * Reads a list page after page, whole or not at all. The pages shift while they are read, so an id counts where it
 * stood first.
 * @throws {NexusError} `list_incomplete` where a page is missing, is another one, or is of another list
 */
export async function readList<Row>(
  name: string,
  options: { idOf: (row: Row) => number; readPage: (page: number) => Promise<Page<Row>> },
): Promise<ReadList<Row>> {
  const { idOf, readPage } = options;
  const found = new Map<number, Row>();
  let dates: ListDates | undefined;
  for (let asked = 1; asked <= mostPages; asked++) {
    const { page, rows, totalPages, dates: ofPage } = await readPage(asked);
    const isLast = asked >= Math.min(totalPages, mostPages);
    // A page whose dates cannot be read says nothing of them.
    dates ??= ofPage;
    const isOther =
      page !== asked || (ofPage !== undefined && JSON.stringify(ofPage) !== JSON.stringify(dates));
    // Of an empty first page its size says enough.
    if (rows.length === 0 && asked === 1) break;
    if (isOther || (asked < totalPages && rows.length < pageSize / 2))
      throw new NexusError(
        'list_incomplete',
        `TMDb’s list “${name}” could not be read whole: something is wrong with page ${asked}. The old list was kept.`,
      );
    for (const row of rows) if (!found.has(idOf(row))) found.set(idOf(row), row);
    if (isLast) break;
  }
  return { rows: [...found.values()], dates };
}
