/** JSON, or a piece of it: a text, or the same as UTF-8. */
export type JsonPiece = string | Buffer;

/** @returns the pieces one after the other, as UTF-8 in memory of its own */
export function joinPieces(pieces: readonly JsonPiece[]): Buffer<ArrayBuffer> {
  const buffers = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  const joined = Buffer.alloc(buffers.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const buffer of buffers) end += buffer.copy(joined, end);
  return joined;
}

export const noMembers = '{}';

/** Whether it is an object without members. */
export const isEmptyObject = (piece: JsonPiece): boolean =>
  piece.length === noMembers.length && piece.toString() === noMembers;

/** Row by row: JavaScriptCore writes a long list as a whole for more than twice the time. */
export const rowsJson = (rows: readonly object[]): string =>
  `[${rows.map((row) => JSON.stringify(row)).join(',')}]`;
