const nameKey = Symbol('the name of the statement');

/** The values of a statement on their way through Kysely, which knows no names: they carry it. */
export function withName(values: readonly unknown[], name: string | undefined): unknown[] {
  return Object.assign([...values], name === undefined ? {} : { [nameKey]: name });
}

/** The name that the values of a statement carry. */
export const nameOf = (values: unknown): string | undefined =>
  Array.isArray(values) ? (values as { [nameKey]?: string })[nameKey] : undefined;
