import { type Fragment, sql } from '#shared/db/sql.ts';

interface CarriedBytes {
  /** Where each lies, by its turn, as columns of a recordset `i`; nulls where there is none. */
  places: readonly { start: number | null; size: number | null }[];
  /** What lies at the place of a row `i`, as `bytea`; null where there is none. */
  body: Fragment;
  /** The same as text. */
  text: Fragment;
}

export const placeTypes = { start: 'int', size: 'int' } as const;

/**
 * Long values on their way into rows, all as one binary value. In JSON or in an array each quotation mark of a text would
 * be escaped, and read again, and bytes would be twice as long.
 */
export function carryBytes(values: readonly (Uint8Array | string | undefined)[]): CarriedBytes {
  const bodies: Uint8Array[] = [];
  let end = 1;
  const places = values.map((value) => {
    if (value === undefined) return { start: null, size: null };
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    bodies.push(bytes);
    end += bytes.length;
    return { start: end - bytes.length, size: bytes.length };
  });
  const bytes = Buffer.concat(bodies);
  const body = sql`substring(${bytes}::bytea from i.start for i.size)`;
  return { places, body, text: sql`convert_from(${body}, 'UTF8')` };
}
