/**
 * The age from which a title with this certification (US) may be seen alone; without one of these there is no gate.
 * Ages that are written as such count as the next of these.
 */
export const certificationAges: Readonly<Record<string, number>> = {
  'PG-13': 13,
  'TV-14': 14,
  R: 17,
  'TV-MA': 17,
  'NC-17': 18,
  X: 18,
  '12': 13,
  '13': 13,
  '14': 14,
  '15': 17,
  '16': 17,
  '17': 17,
  '18': 18,
  '21': 18,
};

/** From the mildest to the strictest. What is not among them is milder. */
const byStrictness = [
  ...['TV-Y', 'G', 'TV-G', 'TV-Y7', 'PG', 'TV-PG'],
  ...['12', '13', 'PG-13', '14', 'TV-14', '15', '16', '17', 'R', 'TV-MA', '18', 'NC-17', 'X', '21'],
];

/** Letters and digits alone: what is left of `pg-13` and `PG 13` is the same. */
const keyOf = (text: string) => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');

const spellings = new Map(byStrictness.map((name) => [keyOf(name), name]));
spellings.set('XXX', 'X').set('TVY7FV', 'TV-Y7');

/** Nobody rated it, or not yet. */
const unrated = new Set([
  '',
  '0',
  'NR',
  'UR',
  'UNRATED',
  'NOTRATED',
  'NOTYETRATED',
  'NONE',
  'NA',
  'TBD',
  'TBA',
]);

/** One certification in its usual spelling; `null` if it says nothing. One that we do not know stays as it is. */
export function normalizeCertification(given: string): string | null {
  const text = given.normalize('NFKC').trim();
  // "Rated R for violence", "PG-13 (language)"
  const short = text.replace(/^(mpaa|rated|rating)\b[\s:]*/i, '').replace(/\s*(\bfor\b|[(;,]).*$/is, '');
  const key = keyOf(short);
  if (unrated.has(keyOf(text)) || unrated.has(key)) return null;
  return spellings.get(key) ?? text;
}

/** The strictest of those that say something. */
export function strictestCertification(given: readonly string[]): string | null {
  const said = given.map(normalizeCertification).filter((one) => one !== null);
  const strictness = (one: string) => byStrictness.indexOf(one);
  return said.reduce<string | null>(
    (most, one) => (most === null || strictness(one) > strictness(most) ? one : most),
    null,
  );
}
