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
spellings.set('XXX', 'X').set('AO', 'X').set('ADULT', 'X').set('ADULTS', 'X').set('ADULTSONLY', 'X');
spellings.set('RESTRICTED', 'R').set('MA', 'TV-MA').set('GP', 'PG').set('TVY7FV', 'TV-Y7');

/** Nobody rated it, or not yet. */
const unrated = new Set(
  'NR UR NONE NA TBD TBA PENDING RATINGPENDING TOBEANNOUNCED CTC EXEMPT UNGEPRÜFT'.split(' '),
);

/** Whether a certification says nothing. @param key without signs and blanks, in capitals */
export const saysNothing = (key: string): boolean =>
  key === '' || unrated.has(key) || /^(UNRATED|NOTRATED|NOTYETRATED)/.test(key);

/** One certification in its usual spelling; `null` if it says nothing. One that we do not know stays as it is. */
export function normalizeCertification(given: string): string | null {
  const text = given.normalize('NFKC').trim();
  // "USA: R", "Rated R for violence", "PG-13 (language)", "R-rated"
  const short = text
    .replace(/^usa?\s*[:-]\s*/i, '')
    .replace(/^(mpaa|rated|rating)\b[\s:]*/i, '')
    .replace(/\s*(\bfor\b|[(;,]).*$/is, '')
    .replace(/[\s-]*\brated$/i, '');
  // "R - violence", "PG-13 / L"; on television "TV-MA-LSV", with what there is to see and to hear.
  const [first = ''] = short.split(/\s+[-–—]\s+|\s*[:/|]\s*/);
  const bare = /^(tv[-\s]?(?:y7|14|ma|pg|y|g))[-\s]*[dlsvf]+$/i.exec(first)?.[1] ?? first;
  const keys = [short, first, bare].map(keyOf);
  if (keys.includes('0') || [keyOf(text), ...keys].some(saysNothing)) return null;
  return keys.map((key) => spellings.get(key)).find((name) => name !== undefined) ?? text;
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
