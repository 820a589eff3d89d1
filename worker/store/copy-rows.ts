import type { Statement } from '#shared/db/sql.ts';

/** The types of columns that are written. */
export type CopiedType = keyof typeof writers;
/** Each column's, in the order in which they are written. */
export type CopiedTypes<Row> = Readonly<Record<keyof Row & string, CopiedType>>;

/**
 * New rows as a COPY in PostgreSQL's binary form. Nothing is escaped here, nothing is read again there, and rows are put
 * into pages and into the log many at a time.
 */
export function copyStatement<Row extends object>(
  table: string,
  rows: readonly Row[],
  types: CopiedTypes<Row>,
): Statement {
  const columns = Object.keys(types) as (keyof Row & string)[];
  const fields = columns.map((name) => ({ name, write: writers[types[name]] as (value: unknown) => void }));
  end = 0;
  writeBytes(head);
  for (const row of rows) {
    writeInt16(fields.length);
    for (const { name, write } of fields) {
      const value = row[name];
      if (value === null || value === undefined) writeInt32(-1);
      else write(value);
    }
  }
  writeInt16(-1);
  const names = columns.map((name) => `"${name}"`).join(', ');
  // The driver may send it later than the next one is made.
  return {
    text: `copy ${table} (${names}) from stdin (format binary)`,
    values: [Buffer.from(room.subarray(0, end))],
  };
}

const head = Buffer.from(`PGCOPY\n\xff\r\n${'\0'.repeat(9)}`, 'latin1');

/** What is being written; to make room for each statement anew takes as long as to fill it. */
let room = Buffer.allocUnsafeSlow(1 << 20);
let view = new DataView(room.buffer);
let end = 0;

function need(bytes: number): void {
  if (end + bytes <= room.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * room.length, end + bytes));
  room.copy(larger, 0, 0, end);
  room = larger;
  view = new DataView(room.buffer);
}

function writeInt16(value: number): void {
  need(2);
  view.setInt16(end, value);
  end += 2;
}

function writeInt32(value: number): void {
  need(4);
  view.setInt32(end, value);
  end += 4;
}

function writeBytes(bytes: Uint8Array): void {
  need(bytes.length);
  room.set(bytes, end);
  end += bytes.length;
}

function writeText(text: string): void {
  // A character takes three bytes at most.
  need(4 + 3 * text.length);
  const length = room.write(text, end + 4);
  view.setInt32(end, length);
  end += 4 + length;
}

function writeBigint(value: string | number): void {
  need(12);
  view.setInt32(end, 8);
  const small = Number(value);
  // In two halves: a bigint for each takes ten times as long.
  if (Number.isSafeInteger(small)) {
    const high = Math.floor(small / 2 ** 32);
    view.setInt32(end + 4, high);
    view.setUint32(end + 8, small - high * 2 ** 32);
  } else view.setBigInt64(end + 4, BigInt(value));
  end += 12;
}

const dayMs = 86_400_000;
const firstDay = Date.UTC(2000, 0, 1) / dayMs;

const writers = {
  smallint(value: number) {
    writeInt32(2);
    writeInt16(within(value, 2 ** 15));
  },
  int(value: number) {
    writeInt32(4);
    writeInt32(within(value, 2 ** 31));
  },
  bigint: writeBigint,
  float8(value: number) {
    writeInt32(8);
    need(8);
    view.setFloat64(end, value);
    end += 8;
  },
  bool(value: boolean) {
    writeInt32(1);
    need(1);
    view.setUint8(end, value ? 1 : 0);
    end += 1;
  },
  text: writeText,
  /** As `YYYY-MM-DD`. */
  date(value: string) {
    writeInt32(4);
    const ms = Date.parse(value);
    // Every month has so many days; the 31st of February would become one of March.
    const exists = value.slice(8) <= '28' || new Date(ms || 0).toISOString().startsWith(value);
    writeInt32(within(exists ? ms / dayMs - firstDay : Number.NaN, 2 ** 31));
  },
  timestamptz: (value: Date) => writeBigint((value.getTime() - firstDay * dayMs) * 1000),
  /** JSON text. */
  jsonb(value: string) {
    const start = end;
    need(1);
    end += 1;
    writeText(value);
    const length = view.getInt32(start + 1);
    view.setInt32(start, length + 1);
    view.setUint8(start + 4, 1);
  },
  bytea(value: Uint8Array) {
    writeInt32(value.length);
    writeBytes(value);
  },
};

/** The bits would be cut off in silence. @throws {RangeError} as PostgreSQL refuses such a value */
function within(value: number, bound: number): number {
  if (Number.isInteger(value) && value >= -bound && value < bound) return value;
  throw Object.assign(new RangeError(`${value} does not fit into its column`), { code: '22003' });
}
