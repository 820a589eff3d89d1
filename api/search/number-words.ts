const ones = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'],
  ...['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ordinals: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};
const hundred = 100;
const thousand = 1000;

/** 1984 is `nineteen eighty four`, and 101 `one hundred one`; of larger numbers only whole thousands have words. */
export function spelled(number: number): string | undefined {
  if (number < ones.length) return ones[number];
  if (number < hundred)
    return [tens[Math.floor(number / 10)], ones[number % 10]].slice(0, number % 10 ? 2 : 1).join(' ');
  if (number % thousand === 0 && number < 100 * thousand) return `${spelled(number / thousand)} thousand`;
  if (number < thousand) return afterHundred(`${ones[Math.floor(number / hundred)]} hundred`, number);
  if (number < 1100 || number >= 2000 || isRare(number)) return undefined;
  return `${spelled(Math.floor(number / hundred))} ${number % hundred === 0 ? 'hundred' : spelled(number % hundred)}`;
}

/** 1905 is read in too many ways. */
const isRare = (number: number) => number % hundred > 0 && number % hundred < 10;

const afterHundred = (before: string, number: number): string =>
  number % hundred === 0 ? before : `${before} ${spelled(number % hundred)}`;

/** The last word as `fifth`. */
export function spelledOrdinal(number: number): string | undefined {
  const words = spelled(number)?.split(' ') ?? [];
  const last = words.pop();
  if (last === undefined) return undefined;
  return [...words, ordinals[last] ?? `${last.replace(/y$/, 'ie')}th`].join(' ');
}

export function ordinal(number: number): string {
  const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
  const isTeen = Math.floor(number / 10) % 10 === 1;
  return `${number}${isTeen ? 'th' : (endings[number % 10] ?? 'th')}`;
}

export function roman(number: number): string {
  const units = ['', 'i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix'];
  return 'x'.repeat(Math.floor(number / 10)) + units[number % 10];
}

const values = new Map<string, number>([
  ...ones.map((word, value) => [word, value] as const),
  ...tens.map((word, value) => [word, value * 10] as const).filter(([word]) => word !== ''),
]);

/** The same words with digits for the numbers among them: `nine and a half weeks` is `9 1 2 weeks`. */
export function withDigits(words: readonly string[]): string[] {
  const written: string[] = [];
  for (let at = 0; at < words.length; ) {
    const isHalf = at > 0 && words.slice(at, at + 3).join(' ') === 'and a half';
    const read = isHalf ? { written: ['1', '2'], length: 3 } : readNumber(words.slice(at));
    written.push(...(read?.written ?? [words[at] ?? '']));
    at += read?.length ?? 1;
  }
  return written;
}

/** The number that the words begin with. */
function readNumber(words: readonly string[]): { written: string[]; length: number } | undefined {
  let [total, group, length] = [0, 0, 0];
  let last: number | undefined;
  for (const word of words) {
    const value = values.get(word);
    const isJoined = word === 'and' && last === hundred && values.has(words[length + 1] ?? '');
    if (value !== undefined) {
      // Ten and more after ten and more is the rest of a year; after all else a second number begins.
      const isYear = last !== undefined && last >= 10 && last < hundred && value >= 10 && group < hundred;
      const isUnit = last !== undefined && last >= 20 && last < hundred && value < 10 && value > 0;
      if (last !== undefined && last < hundred && !isYear && !isUnit) break;
      group = isYear ? group * hundred + value : group + value;
      last = value;
    } else if (word === 'hundred' && group > 0 && group < hundred) [group, last] = [group * hundred, hundred];
    else if (word === 'thousand' && group > 0) [total, group, last] = [total + group * thousand, 0, hundred];
    else if (!isJoined) break;
    length++;
  }
  return length === 0 ? undefined : { written: [String(total + group)], length };
}
