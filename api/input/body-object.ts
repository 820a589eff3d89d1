import { z } from 'zod';

/** A JSON object of a body: what it does not know it refuses by name, so that a slip of the pen is not lost. */
export function bodyObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has fields that are not known: ${issue.keys?.map((key) => JSON.stringify(key)).join(', ')}`
        : 'must be a JSON object',
  });
}
