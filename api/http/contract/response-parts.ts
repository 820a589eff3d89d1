import type { OpenAPIV3 } from 'openapi-types';
import type { z } from 'zod';
import { nameOf } from './describe-schema.ts';

export type Schema = OpenAPIV3.SchemaObject | OpenAPIV3.ReferenceObject;

export const ref = (schema: z.ZodType): Schema => ({ $ref: `#/components/schemas/${nameOf(schema)}` });

/** JSON with examples. Several examples have names, a single one needs none. */
export function json(
  schema: Schema,
  examples: Readonly<Record<string, unknown>>,
): Record<string, OpenAPIV3.MediaTypeObject> {
  const all = Object.entries(examples);
  return {
    'application/json': {
      schema,
      ...(all.length === 1
        ? { example: all[0]?.[1] }
        : { examples: Object.fromEntries(all.map(([name, value]) => [name, { value }])) }),
    },
  };
}

export const header = (description: string) => ({ description, schema: { type: 'string' as const } });
export const requestId = {
  'X-Request-Id': header('The id of the request. A well-formed id from the caller is kept.'),
};
export const retryAfter = { 'Retry-After': header('In seconds.') };
