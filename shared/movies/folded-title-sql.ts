/**
 * The way of `foldTitle` as an expression of built-in functions, so that an index can stand on it: a function of our
 * own costs several times as much a row. Its text must be the same in the index and in the query.
 * @param text the name of a text column
 */
export function foldedTitleSql(text: string): string {
  const lower = `replace(lower(left(${text}, 255)), '&', 'and')`;
  const plain = `normalize(regexp_replace(normalize(${lower}, nfkd), '[\\u0300-\\u036f]+', '', 'g'), nfkc)`;
  const letters = `replace(replace(replace(translate(${plain}, 'øłđı', 'oldi'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss')`;
  const marks = '[[:punct:][:space:]\\u00a0-\\u00bf\\u2000-\\u206f\\u3000-\\u303f]+';
  // Most titles are ASCII, and take the short way. An index entry has a largest size, and NFKD can make long of short.
  const folded = `case when octet_length(${text}) = length(${text}) then regexp_replace(${lower}, '[^a-z0-9]+', '', 'g') else left(regexp_replace(${letters}, '${marks}', '', 'g'), 255) end`;
  return `coalesce(nullif(${folded}, ''), btrim(lower(left(${text}, 255))))`;
}
