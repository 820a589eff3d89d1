import { z } from 'zod';
import { TmdbId } from '#shared/jobs/catalog.ts';
import { cleanText } from './clean-text.ts';

/** What an optional field of the wrong type comes down to: as if TMDb had left it empty. */
const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** A text; TMDb writes "nothing" as `""`, `null` or not at all. */
export const text = orNull(z.string().transform((s) => cleanText(s) || null)).transform((s) => s ?? null);

export const flag = orNull(z.boolean()).transform((b) => b ?? null);

/** Numbers come as integers and floats, and in some documented examples as strings. */
export const number = orNull(
  z.union([
    z.number(),
    z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .transform(Number),
  ]),
).transform((n) => (typeof n === 'number' && Number.isFinite(n) ? n : null));

/** A name that must be there: a row without one cannot be shown. */
export const name = z.string().transform(cleanText).pipe(z.string().min(1));

export const namedId = z.object({ id: TmdbId, name });

/** A list whose broken rows are left out; something that is no list at all is an error. */
export const rows = <T extends z.ZodType>(row: T) =>
  placedRows(row).transform((list) => list.filter((r): r is z.output<T> & {} => r !== null) as z.output<T>[]);

/** The same, but a broken row leaves a `null` in its place, so that positions stay TMDb's. */
export const placedRows = <T extends z.ZodType>(row: T) => z.array(row.nullable().catch(null));

/** A part that may be absent or null, which stands for `empty`. */
export const part = <T extends z.ZodType>(schema: T, empty: z.output<T>) =>
  schema.nullish().transform((value): z.output<T> => value ?? empty);
