import { z } from 'zod';
import { NexusError } from '#shared/errors.ts';

/** Where a page of a list begins. */
export interface Position<Key> {
  /** How many rows are before it. */
  before: number;
  /** The row before it, by what the list is sorted by; `undefined` where rows are skipped by their number. */
  after: Key | undefined;
}

/** A list that cursors lead through. */
export interface CursorList<Key> {
  /** What makes it another list: its name, filters and order. */
  list: readonly unknown[];
  /** What it is sorted by. A cursor can be forged, so this says exactly what the database can take. */
  key: z.ZodType<Key>;
}

export interface AskedPage {
  page?: number | undefined;
  limit: number;
  after?: string | undefined;
}

const tagLength = 12;

/** @throws {NexusError} `invalid_input` for a cursor that is none, or one of another list */
export function positionOf<Key>({ page = 1, limit, after }: AskedPage, of: CursorList<Key>): Position<Key> {
  return after === undefined ? { before: (page - 1) * limit, after: undefined } : readCursor(after, of);
}

/** The cursor for what follows a row: opaque, and good for this list only. It grants nothing, so it is not signed. */
export function writeCursor<Key>(before: number, key: Key, { list }: CursorList<Key>): string {
  const place = Buffer.from(JSON.stringify([before, key])).toString('base64url');
  return tagOf(list, place) + place;
}

function readCursor<Key>(cursor: string, { list, key }: CursorList<Key>): Position<Key> {
  const place = cursor.slice(tagLength);
  if (cursor.slice(0, tagLength) !== tagOf(list, place)) throw noCursor();
  const read = z.tuple([z.int().min(0), key]).safeParse(parsed(Buffer.from(place, 'base64url').toString()));
  if (!read.success) throw noCursor();
  const [before, after] = read.data;
  return { before, after };
}

const tagOf = (list: readonly unknown[], place: string): string =>
  new Bun.CryptoHasher('sha256')
    .update(JSON.stringify([list, place]))
    .digest('base64url')
    .slice(0, tagLength);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const noCursor = () =>
  new NexusError('invalid_input', 'Some of the input is not valid.', {
    details: [
      { path: 'after', message: 'must be meta.next of the same list, with the same filters and order' },
    ],
  });
