import { ordinal, roman, spelled, spelledOrdinal } from './number-words.ts';

/** As far as titles count. */
const mostCounted = 39;
const mostSpelled = 99;

/** Han numerals are words of one character. One is left out: it is a part of too many words. */
const han = ['', '', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

const numbers = Array.from({ length: mostSpelled }, (_, index) => {
  const number = index + 1;
  const counted = [number <= mostCounted ? roman(number) : undefined, han[number] || undefined];
  return [String(number), spelled(number), ordinal(number), spelledOrdinal(number), ...counted];
});

/** Other ways to write one word. */
const others = [
  ['vs', 'versus', 'v'],
  ['pt', 'part'],
  ['vol', 'volume'],
  ['ch', 'chapter'],
  ['ep', 'episode'],
  ['st', 'saint', 'street'],
  ['mt', 'mount'],
  ['dr', 'doctor'],
  ['mr', 'mister'],
  ['mrs', 'missus'],
  ['ms', 'miss'],
  ['jr', 'junior'],
  ['sr', 'senior'],
  ['prof', 'professor'],
  ['capt', 'captain'],
  ['lt', 'lieutenant'],
  ['sgt', 'sergeant'],
  ['no', 'number', 'nr'],
  ['bros', 'brothers'],
  ['xmas', 'christmas'],
  ['ok', 'okay'],
  ['til', 'till', 'until'],
  ['thru', 'through'],
  ['tonite', 'tonight'],
  ['nite', 'night'],
  ['u', 'you'],
  ['grey', 'gray'],
  ['theater', 'theatre'],
  ['center', 'centre'],
  ['defense', 'defence'],
];

/** Between two words. */
const conjunctions = ['and', 'n', 'und', 'et', 'y', 'og', 'och'];

const groups = new Map<string, string[]>();
for (const group of [...numbers, ...others, conjunctions])
  for (const word of group) {
    if (word === undefined || word.includes(' ')) continue;
    groups.set(word, [...(groups.get(word) ?? []), ...group.filter((other) => other !== undefined)]);
  }

/** These mean nothing else where a title begins: "V for Vendetta" is not "Rocky V", nor "E.T." a French and. */
const onlyLater = new Set(['i', 'v', 'x', ...conjunctions]);

/**
 * What else may be meant by a word, without any typo; with blanks where it is several words.
 * @param isFirst whether nothing is before it but articles and single letters
 */
export function equalWords(word: string, isFirst = false): string[] {
  const isItself = (one: string) => isFirst && onlyLater.has(one);
  const same = isItself(word) ? [] : (groups.get(word) ?? []).filter((other) => !isItself(other));
  return [...new Set([...same, ...spelledElsewhere(word)])].filter((other) => other !== word);
}

/** Colour and color; Maedchen for Mädchen, as who has no such keys writes. */
function spelledElsewhere(word: string): string[] {
  const found: string[] = [];
  if (/^[a-z]{4,}$/.test(word)) {
    const plain = word.replace(/([ao])e|aa|(?<!q)ue(?!$)/g, (pair) => pair.charAt(0));
    if (plain !== word) found.push(plain);
    if (/^.{3,}our/.test(word)) found.push(word.replace(/(?<=^.{3,})our/, 'or'));
    else if (/^.{3,}or(?!n)/.test(word)) found.push(word.replace(/(?<=^.{3,})or/, 'our'));
  }
  return found;
}
