/** What `JSON.parse` can give. It makes `Infinity` of 1e400. */
const numbers = [-5, -1, -0, 1.5, 5e-324, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e18, 1e308, -1e308];
const infinities = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const texts = [
  '',
  '\0',
  '\ud800',
  'NaN',
  '1e400',
  '-5',
  '😀'.repeat(60_000),
  'ß'.repeat(255),
  '\u{10ffff}\ufffe',
];
const dates = ['0000-01-01', '0001-01-01', '99999-01-01', '2024-02-31', '-4713-01-01', 'infinity', 'now'];
const others = [null, undefined, true, [], {}, [[]], [null], { id: 5 }];
const extremes: unknown[] = [...numbers, ...infinities, ...texts, ...dates, ...others];

export type Json = Record<string, unknown> | unknown[];
/** Keys from the root. */
export type Path = (string | number)[];

/** Of every field, list and row. */
export const pathsOf = (value: unknown): Path[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [
        [key],
        ...pathsOf(inner).map((path) => [key, ...path]),
      ]);

/** A copy with the value at the path. */
function withValue(json: Json, [key = '', ...rest]: Path, value: unknown): Json {
  const copy = (Array.isArray(json) ? [...json] : { ...json }) as Record<string, unknown>;
  copy[key] = rest.length === 0 ? value : withValue(copy[key] as Json, rest, value);
  return copy as Json;
}

/** Every field of the answer with every extreme value, each in an answer of its own. */
export function* extremesOf(make: (n: number) => Json): Generator<{ json: Json; n: number; at: string }> {
  let n = 1;
  for (const path of pathsOf(make(0)))
    for (const value of extremes) {
      yield { json: withValue(make(n), path, value), n, at: path.join('.') };
      n++;
    }
}
