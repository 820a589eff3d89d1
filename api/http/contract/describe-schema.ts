import type { z } from 'zod';

interface SchemaDescription<S extends z.ZodType> {
  /** What the API description calls it. A schema that only stands for a body needs none. */
  name?: string;
  /** An invented one. */
  example: Readonlied<z.input<S>>;
}

/** What is written down for good may be of lists that nobody changes. */
type Readonlied<T> = T extends readonly (infer U)[]
  ? readonly Readonlied<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Readonlied<T[K]> }
    : T;

const descriptions = new Map<z.ZodType, { name?: string; example: unknown }>();

/**
 * Says beside a schema what the API description shows of it. Descriptions of single fields are the schema's own
 * (`.meta({ description })`).
 * @example
 * export const Genre = z.object({ id: z.int(), name: z.string() });
 * describeSchema(Genre, { name: 'Genre', example: { id: 18, name: 'Drama' } });
 */
export function describeSchema<S extends z.ZodType>(schema: S, description: SchemaDescription<S>): void {
  const { name } = description;
  if (name !== undefined && namedSchemas().has(name)) throw new Error(`there are two schemas named ${name}`);
  descriptions.set(schema, description);
}

export function exampleOf<S extends z.ZodType>(schema: S): z.input<S> {
  return describedAs(schema).example as z.input<S>;
}

export function nameOf(schema: z.ZodType): string {
  const { name } = describedAs(schema);
  if (name === undefined)
    throw new Error('a schema of an answer has no name: give it one with describeSchema');
  return name;
}

/** All that have a name: the components of the API description. */
export function namedSchemas(): Map<string, z.ZodType> {
  return new Map(
    [...descriptions].flatMap(([schema, { name }]) => (name === undefined ? [] : [[name, schema]])),
  );
}

function describedAs(schema: z.ZodType) {
  const description = descriptions.get(schema);
  if (description === undefined) throw new Error('a schema of a route is not described: see describeSchema');
  return description;
}
