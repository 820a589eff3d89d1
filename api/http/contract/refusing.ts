import type { z } from 'zod';
import { refusalOf } from '../failures/nexus-error-of.ts';

type Result = Awaited<ReturnType<z.ZodType['~standard']['validate']>>;

/**
 * The same schema, which refuses a body by itself: the framework would write the whole body into a message of its own,
 * and check it once more for what is wrong with it.
 */
export function refusing<Schema extends z.ZodType>(schema: Schema): Schema {
  const standard = schema['~standard'];
  const accepted = (result: Result): Result => {
    if (result.issues === undefined) return result;
    throw refusalOf(
      result.issues.map(({ path = [], message }) => ({
        path: path.map(nameOf).join('.') || 'body',
        message,
      })),
    );
  };
  const validate = (value: unknown) => {
    const result = standard.validate(value);
    return result instanceof Promise ? result.then(accepted) : accepted(result);
  };
  return Object.create(schema, { '~standard': { value: { ...standard, validate } } });
}

const nameOf = (part: PropertyKey | { key: PropertyKey }) =>
  String(typeof part === 'object' ? part.key : part);
