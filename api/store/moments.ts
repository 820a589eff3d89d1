import { z } from 'zod';
import { type Fragment, raw, sql, type Value } from '#shared/db/sql.ts';

/** A time to the microsecond, as the database has it: in microseconds since 1970, which JSON can say exactly. */
export const MomentKey = z.int().min(-4e15).max(4e15);

export const momentKey = (column: string): Fragment =>
  sql`(extract(epoch from ${raw(column)}) * 1000000)::float8`;

export const momentOf = (key: Value): Fragment =>
  sql`(timestamptz 'epoch' + ${key}::float8 * interval '1 microsecond')`;
