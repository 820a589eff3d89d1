import { type AskedPage, type CursorList, positionOf, writeCursor } from '../input/cursor.ts';
import type { CursorPageMeta } from './model.ts';
import { cursorPageMeta } from './page-meta.ts';

interface CursorPageReads<Row, Key> extends CursorList<Key> {
  /** The rows after the first `offset`. */
  skip(limit: number, offset: number): Promise<Row[]>;
  /** The rows that follow this key. */
  follow(limit: number, key: Key): Promise<Row[]>;
  count(): Promise<number>;
  keyOf(row: Row): Key;
}

/**
 * The page that was asked for, and where the next one begins. One row more is read, to know whether there is one.
 * @throws {NexusError} `invalid_input` for a cursor that is none, or one of another list
 */
export async function readCursorPage<Row, Key>(
  asked: AskedPage,
  reads: CursorPageReads<Row, Key>,
): Promise<{ rows: Row[]; meta: CursorPageMeta }> {
  const { limit } = asked;
  const { before, after } = positionOf(asked, reads);
  const [ahead, total] = await Promise.all([
    after === undefined ? reads.skip(limit + 1, before) : reads.follow(limit + 1, after),
    reads.count(),
  ]);
  const rows = ahead.slice(0, limit);
  const last = ahead.length > limit ? rows.at(-1) : undefined;
  const next = last && writeCursor(before + limit, reads.keyOf(last), reads);
  return { rows, meta: cursorPageMeta({ before, limit }, { total, next }) };
}
