import { z } from 'zod';

/** A schema of ours in the words of JSON Schema, as a caller sees it: without the validator's noise. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // Fields of answers may be added: no client should refuse them.
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  }) as Record<string, unknown>;
  return json;
}

/**
 * For what callers send. Bodies (strict objects) are described as they are sent; parameters as what their text
 * stands for, and what has a default need not be given.
 */
export function requestSchemaOf(schema: z.ZodType): Record<string, unknown> {
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever)
    return jsonSchemaOf(schema, 'input');
  const json = jsonSchemaOf(schema);
  if (!(schema instanceof z.ZodObject)) return json;
  const required = Object.entries(schema.shape)
    .filter(([, field]) => !z.safeParse(field as z.ZodType, undefined).success)
    .map(([name]) => name);
  const { required: _, ...rest } = json;
  return required.length === 0 ? rest : { ...rest, required };
}
