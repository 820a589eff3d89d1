import pg from 'pg';

/** What a field is, from the byte `at` on: perhaps a part of `bytes`. */
export type ReadField = (bytes: Buffer, at: number, length: number) => unknown;

/** When the clock of PostgreSQL began: 2000. */
const beginningMs = 946_684_800_000;

const { BPCHAR, BYTEA, INT4, TEXT, TIMESTAMPTZ, VARBIT } = pg.types.builtins;

/**
 * By the type of their column: bytes, a text as its bytes, bits likewise (the first is the highest of its byte), a time in
 * epoch milliseconds, an integer. Padded text is room behind the field before it, which nobody reads.
 */
export const binaryFields: ReadonlyMap<number, ReadField> = new Map<number, ReadField>([
  [INT4, (bytes, at) => bytes.readInt32BE(at)],
  [BPCHAR, () => undefined],
  [BYTEA, (bytes, at, length) => Buffer.from(bytes.subarray(at, at + length))],
  [TEXT, (bytes, at, length) => bytes.subarray(at, at + length)],
  // How many bits there are comes first. They are kept for long, apart from what came beside them.
  [VARBIT, (bytes, at, length) => Buffer.from(bytes.subarray(at + 4, at + length))],
  // Microseconds: as a number they are exact until 2285.
  [
    TIMESTAMPTZ,
    (bytes, at) =>
      Math.floor((bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)) / 1000) + beginningMs,
  ],
]);
