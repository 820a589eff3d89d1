/** Letters that no decomposition takes apart. `foldedTitleSql` has the same pairs. */
const plainLetters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
  '&': 'and',
};

const ascii = /^[ -~]*$/;
const special = /[øłđıæœß&]/g;

/**
 * A title without what people write in different ways: case, accents, punctuation, spaces. Marks that make another
 * letter of it (in Japanese, in Indic scripts) stay. Never empty for a title that is not.
 */
export function foldTitle(title: string): string {
  const lower = title.toLowerCase();
  const plain = ascii.test(lower)
    ? lower
    : lower
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFKC');
  const folded = plain
    .replace(special, (letter) => plainLetters[letter] ?? letter)
    .replace(/[\p{P}\p{S}\p{Z}\p{C}]/gu, '');
  return folded === '' ? lower.trim() : folded;
}
