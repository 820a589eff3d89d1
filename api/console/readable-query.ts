import type { z } from 'zod';

/**
 * What somebody asks a page for, in its address. A field that the form leaves empty, or that nobody could have meant,
 * is as if it was not asked for: this is a page, and somebody looks at it.
 */
export function readableQuery<Schema extends z.ZodObject>(
  schema: Schema,
  asked: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const isMeant = ([name, value]: [string, unknown]) =>
    value !== '' && schema.shape[name]?.safeParse(value).success === true;
  const { page, after, ...others } = Object.fromEntries(Object.entries(asked).filter(isMeant));
  const read = schema.safeParse({ ...others, page, after });
  return read.success ? read.data : schema.parse(others);
}
