import type { z } from 'zod';

/** What a reader gives for a value that its schema refuses. */
export const refused: unique symbol = Symbol('refused');

/** Gives what the schema would, or `refused`. */
export type Reader = (given: unknown) => unknown;

type Schema = z.core.$ZodType;

const readers = new WeakMap<Schema, Reader>();
let losses = 0;

/** To be called by readers for a value that was there and is not in what they give. */
export function noteLoss(): void {
  losses++;
}

/** How many values may have been lost so far: where it stays the same, nothing was. */
export const countLosses = (): number => losses;

/** Gives a schema the function that does the same as it does. */
export function readBy<T extends Schema>(schema: T, reader: Reader): T {
  readers.set(schema, reader);
  return schema;
}

/**
 * A plain function that does what a schema does, for a third of its time, and without saying why it refuses. What no
 * such function is known for is read by the schema itself.
 */
export function readerOf(schema: Schema): Reader {
  const known = readers.get(schema);
  if (known !== undefined) return known;
  const reader = objectReader(schema) ?? schemaReader(schema as z.ZodType);
  readers.set(schema, reader);
  return reader;
}

function schemaReader(schema: z.ZodType): Reader {
  return (given) => {
    const { success, data } = schema.safeParse(given);
    if (!success) return refused;
    // What of it was lost is not known here.
    if (data !== given) noteLoss();
    return data;
  };
}

/** Of an object that takes what its shape names and nothing else. */
function objectReader(schema: Schema): Reader | undefined {
  const { type, shape, catchall, checks = [] } = schema._zod.def as z.core.$ZodObjectDef;
  if (type !== 'object' || catchall !== undefined) return undefined;
  const conditions = checks.map(conditionOf);
  if (conditions.some((condition) => condition === undefined)) return undefined;
  const read = compileShape(shape);
  if (conditions.length === 0) return read;
  return (given) => {
    const value = read(given);
    return value === refused || conditions.every((holds) => holds?.(value)) ? value : refused;
  };
}

function conditionOf(check: z.core.$ZodCheck): ((value: unknown) => unknown) | undefined {
  const { check: kind, fn } = check._zod.def as Partial<z.core.$ZodCustomDef>;
  return kind === 'custom' ? fn : undefined;
}

/** Written out field by field: a loop over names takes three times as long. */
function compileShape(shape: z.core.$ZodShape): Reader {
  const keys = Object.keys(shape);
  const fields = keys.map((key) => readerOf(shape[key] as Schema));
  const source = `
    const [${keys.map((_, n) => `read${n}`)}] = fields;
    return (given) => {
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return refused;
      ${keys.map((key, n) => `const value${n} = read${n}(given[${JSON.stringify(key)}]); if (value${n} === refused) return refused;`).join('\n')}
      return { ${keys.map((key, n) => `${JSON.stringify(key)}: value${n}`).join(', ')} };
    };`;
  return new Function('refused', 'fields', source)(refused, fields) as Reader;
}
