/** Collects the values of a statement while its text is written. */
export interface StatementValues {
  readonly all: unknown[];
  /** Adds one and returns its parameter, such as `$3`. */
  add(value: unknown): string;
}

export function statementValues(): StatementValues {
  const all: unknown[] = [];
  return { all, add: (value) => `$${all.push(value)}` };
}
