import { z } from 'zod';

/** How many unknown fields a message names, and how many characters of each. */
const maxNamed = 10;
const maxNameLength = 100;

/** A JSON object in a body. Unknown fields are refused by name, so that a typo is not silently ignored. */
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
