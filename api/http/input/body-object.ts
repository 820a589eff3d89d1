import { z } from 'zod';

/** As many are named, and no more of each: the rest of a body of nonsense says nothing new. */
const maxNamed = 10;
const maxNameLength = 100;

/** A JSON object of a body: what it does not know it refuses by name, so that a slip of the pen is not lost. */
export function bodyObject<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `has unknown fields: ${named(issue.keys ?? [])}`
        : 'must be a JSON object',
  });
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, maxNamed).map((key) => JSON.stringify(key.slice(0, maxNameLength)));
  const more = keys.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
