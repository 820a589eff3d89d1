/** Numbers as titles write them. `i` and `v` alone are words more often than numbers. */
const numbers = [
  ['1', 'one', '1st', 'first'],
  ['2', 'two', 'ii', '2nd', 'second'],
  ['3', 'three', 'iii', '3rd', 'third'],
  ['4', 'four', 'iv', '4th', 'fourth'],
  ['5', 'five', '5th', 'fifth'],
  ['6', 'six', 'vi', '6th', 'sixth'],
  ['7', 'seven', 'vii', '7th', 'seventh'],
  ['8', 'eight', 'viii', '8th', 'eighth'],
  ['9', 'nine', 'ix', '9th', 'ninth'],
  ['10', 'ten', '10th', 'tenth'],
  ['11', 'eleven', 'xi', '11th', 'eleventh'],
  ['12', 'twelve', 'xii', '12th', 'twelfth'],
  ['13', 'thirteen', 'xiii', '13th', 'thirteenth'],
];

/** Other ways to write one word. */
const others = [
  ['vs', 'versus', 'v'],
  ['pt', 'part'],
  ['vol', 'volume'],
  ['st', 'saint'],
  ['dr', 'doctor'],
  ['mr', 'mister'],
  ['n', 'and'],
];

const groups = new Map([...numbers, ...others].flatMap((group) => group.map((word) => [word, group])));

/** What else may be meant by a word, without any typo. */
export function equalWords(word: string): string[] {
  return (groups.get(word) ?? []).filter((other) => other !== word);
}
