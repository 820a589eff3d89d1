import { z } from 'zod';
import { isBlank } from '#shared/is-blank.ts';
import { maxTmdbId, TmdbId } from '#shared/jobs/catalog.ts';
import { type BoundList, type BoundNumber, type BoundText, boundNumber, bounds } from './bounds.ts';
import { cleanText } from './clean-text.ts';
import { noteLoss, type Reader, readBy, readerOf, refused } from './plain-reader.ts';

/*
 * What an optional field of the wrong type comes down to: as if TMDb had left it empty. Each is one step for the schema:
 * an answer has thousands of these, and chains of steps took most of the time of reading one.
 */

const taken = new WeakMap<z.core.$ZodType, z.core.$ZodType>();
const forgiving = <T extends z.ZodType>(schema: T, good: z.core.$ZodType): T => {
  taken.set(schema, good);
  return schema;
};
const isEmpty = (value: unknown) => value === null || value === undefined || value === '';

/** A step that never refuses, as a schema with its reader. */
const step = <T>(read: (given: unknown) => T) =>
  readBy(z.transform(read), (given) => {
    const value = read(given);
    if (isEmpty(value) && !isEmpty(given)) noteLoss();
    return value;
  });

/** Whatever it refuses is as if it was not there. */
export const orNull = <T extends z.ZodType>(schema: T) => {
  const read = readerOf(schema);
  return readBy(schema.nullish().catch(null), (given) => {
    if (given === null || given === undefined) return given;
    const value = read(given);
    if (value !== refused) return value;
    noteLoss();
    return null;
  });
};

readBy(TmdbId, (given) =>
  typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= maxTmdbId ? given : refused,
);

/** What is taken as it is by a schema that forgives everything else in one step. */
export const takenBy = (schema: z.core.$ZodType) => taken.get(schema);

/** A text within its bounds; TMDb writes "nothing" as `""`, `null`, with blanks or not at all. @param accept says what of it is good */
export const text = (field: BoundText, accept?: (text: string) => string | null) =>
  forgiving(
    step((given): string | null => {
      if (typeof given !== 'string' || given === '') return null;
      const clean = boundText(field, given);
      if (isBlank(clean)) return null;
      return accept === undefined ? clean : accept(clean);
    }),
    orNull(z.string()),
  );

/** The text as PostgreSQL can take it; `""` for one that is too long. */
function boundText(field: BoundText, given: string): string {
  const clean = cleanText(given);
  return clean.length <= bounds[field].longest ? clean : '';
}

export const flag = forgiving(
  step((given) => (typeof given === 'boolean' ? given : null)),
  orNull(z.boolean()),
);

const writtenNumber = /^-?\d+(\.\d+)?$/;

/** Numbers come as integers and floats, and in some documented examples as strings. */
export const number = (field: BoundNumber) =>
  forgiving(
    step((given): number | null => {
      const number = typeof given === 'string' && writtenNumber.test(given) ? Number(given) : given;
      return typeof number === 'number' && Number.isFinite(number) ? boundNumber(field, number) : null;
    }),
    orNull(z.union([z.number(), z.string().regex(writtenNumber)])),
  );

/** A text that says which row it is: any, but there has to be one. */
export const string = readBy(z.string(), (given) => (typeof given === 'string' ? given : refused));

/** A title may be empty: another one stands in for it. */
const shownTitle = (given: string): string => {
  const clean = boundText('title', given);
  return isBlank(clean) ? '' : clean;
};
export const title = readBy(z.string().transform(shownTitle), (given) => {
  if (typeof given !== 'string') return refused;
  const shown = shownTitle(given);
  if (shown === '' && given !== '') noteLoss();
  return shown;
});

/** A name that must be there: a row without one cannot be shown. */
export const name = (field: BoundText) =>
  readBy(
    z
      .string()
      .transform((given) => boundText(field, given))
      .pipe(z.string().min(1)),
    (given) => (typeof given === 'string' && boundText(field, given)) || refused,
  );

export const namedId = (field: BoundText) => z.object({ id: TmdbId, name: name(field) });

/** A row of a list. `undefined`: it is no loss, since it is something else than what the list is about. */
export type Placed<Row> = Row | null | undefined;

/**
 * A list within its bounds. A broken row leaves a `null` in its place, so that positions stay TMDb's; something that
 * is no list at all is an error.
 * @param isOther says what is no row of this list, whatever it holds
 */
export const rows = <T extends z.ZodType>(field: BoundList, row: T, isOther = (_: unknown) => false) => {
  const schema = z.array(z.unknown()).transform((list) =>
    list.slice(0, bounds[field].rows).map((each): Placed<z.output<T>> => {
      if (each === undefined || isOther(each)) return undefined;
      return each === null ? null : (row.safeParse(each).data ?? null);
    }),
  );
  return forgiving(readBy(schema, rowsReader(field, readerOf(row), isOther)), z.array(orNull(row)));
};

function rowsReader(field: BoundList, read: Reader, isOther: (row: unknown) => boolean): Reader {
  return (given) => {
    if (!Array.isArray(given)) return refused;
    const most = bounds[field].rows;
    if (given.length > most) noteLoss();
    return (given.length > most ? given.slice(0, most) : given).map((each) => {
      if (each === undefined || isOther(each)) return undefined;
      const row = read(each);
      if (row !== refused) return row ?? null;
      noteLoss();
      return null;
    });
  };
}

export const isPresent = <Row>(row: Placed<Row>): row is Row & {} => row !== null && row !== undefined;

/** A part that may be absent or null, which stands for `empty`. */
export const part = <T extends z.ZodType>(schema: T, empty: z.output<T>) => {
  const read = readerOf(schema);
  return readBy(
    schema.nullish().transform((value): z.output<T> => value ?? empty),
    (given) => (given === null || given === undefined ? empty : (read(given) ?? empty)),
  );
};
