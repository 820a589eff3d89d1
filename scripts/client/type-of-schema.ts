/** As much of JSON Schema as our API description uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  not?: Schema;
}

const primitives: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A schema as a TypeScript type, on one line. */
export function typeOfSchema(schema: Schema): string {
  if (schema.$ref !== undefined) return `components['schemas']['${schema.$ref.split('/').at(-1)}']`;
  if (schema.not !== undefined) return 'never';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.properties !== undefined && schema.oneOf !== undefined) return eitherOf(schema, schema.oneOf);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map(typeOfSchema).join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map(typeOfSchema).join(' & ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => typeOfSchema({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `Array<${typeOfSchema(schema.items ?? {})}>`;
  if (schema.type === 'object' || schema.properties !== undefined) return objectType(schema);
  return primitives[schema.type ?? ''] ?? 'unknown';
}

/** One object of which other fields are needed, and others refused, depending on which are given. */
const eitherOf = (schema: Schema, alternatives: Schema[]): string =>
  alternatives
    .map(({ properties = {}, required = [] }) =>
      objectType({
        ...schema,
        properties: { ...schema.properties, ...properties },
        required: [...(schema.required ?? []), ...required],
      }),
    )
    .join(' | ');

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, inner]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOfSchema(inner)}`,
  );
  if (typeof additionalProperties === 'object')
    fields.push(`[name: string]: ${typeOfSchema(additionalProperties)}`);
  return fields.length === 0 ? 'Record<string, unknown>' : `{ ${fields.join('; ')} }`;
}
