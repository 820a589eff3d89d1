import { raw, Sql } from 'sql-template-tag';

export { empty, join, raw } from 'sql-template-tag';

declare const row: unique symbol;

/** SQL with its values: runs on a pool, a connection or a transaction alike (`run-statement.ts`). */
export interface Statement<Row = unknown> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The name that it is prepared under. Without one it is planned for its values each time. */
  readonly name?: string;
  /** For the compiler only: what a row of the answer is. */
  readonly [row]?: Row;
}

/** A statement, or a part that stands in others. */
export type Fragment<Row = unknown> = Sql & Statement<Row>;

/** Stands for one value of a prepared statement; used in several places it is one parameter. */
export class Placeholder<T = unknown> {
  declare readonly stands: T;
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }

  /** The driver asks for this: outside of `prepared` it stands for nothing. */
  toPostgres(): never {
    throw new Error(`the placeholder ${this.key} was sent as a value`);
  }
}

export type Value =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Buffer
  | null
  | undefined
  | readonly Value[]
  | Placeholder;

/** Each value in the text is sent as a parameter, each fragment becomes part of the text. */
export function sql<Row = unknown>(
  strings: TemplateStringsArray,
  ...values: readonly (Value | Sql)[]
): Fragment<Row> {
  return new Sql(strings, values);
}

/**
 * A list of which the planner does not see how long it is. It compares what plans cost for the first lists with what
 * they would cost for any: where the first ones were short it would plan anew for each, which takes ten times as long.
 */
export const unknownList = (
  list: Placeholder<readonly unknown[] | null>,
  type: 'int' | 'text' | 'uuid',
): Fragment => sql`(select ${list}::${raw(type)}[])::${raw(type)}[]`;

/**
 * The same of one value, where plans for what is asked for mostly would look cheaper than they are: a condition that
 * holds for everybody goes out of them, and costs nothing in the one plan either.
 */
export const unknownValue = (
  value: Placeholder,
  type: 'int' | 'bigint' | 'text' | 'uuid' | 'timestamptz',
): Fragment => sql`(select ${value}::${raw(type)})`;

export type PlaceholdersOf<Values> = { readonly [Key in keyof Values]: Placeholder<Values[Key]> };

const texts = new Map<string, string>();

/**
 * A statement that PostgreSQL parses once a connection. `write` is called once, with placeholders: what is left for
 * each use is to collect its values. A number that is no placeholder stands in the text as the constant it is.
 * Take placeholders by their names: they are made when asked for, so that `...rest` has none.
 * @example
 * const roleStatement = prepared<{ userId: string }, { role: Role }>(
 *   'api-role',
 *   ({ userId }) => sql`select role from users where id = ${userId}`,
 * );
 * const [user] = await queryStore(pool, roleStatement({ userId }));
 */
export function prepared<Values = void, Row = unknown>(
  name: string,
  write: (placeholders: PlaceholdersOf<Values>) => Fragment,
): (values: Values) => Statement<Row> {
  const placeholders = new Proxy({}, { get: (_, key) => new Placeholder(String(key)) });
  const { text, keys } = numbered(name, write(placeholders as PlaceholdersOf<Values>));
  const known = texts.get(name);
  if (known !== undefined && known !== text)
    throw new Error(`there are two statements with the name ${name}`);
  texts.set(name, text);
  return (values) => {
    const of = values as Record<string, unknown>;
    return { name, text, values: keys.map((key) => of[key]) };
  };
}

function numbered(name: string, { strings, values }: Fragment): { text: string; keys: string[] } {
  const keys: string[] = [];
  const written = (value: unknown): string => {
    if (typeof value === 'number') return String(value);
    if (!(value instanceof Placeholder)) throw new Error(`${name} has a value that is no placeholder`);
    if (!keys.includes(value.key)) keys.push(value.key);
    return `$${keys.indexOf(value.key) + 1}`;
  };
  const text = strings.reduce((before, after, index) => before + written(values[index - 1]) + after);
  return { text, keys };
}
