import { titlesOf } from './choose-movie.ts';
import { foldTitle } from './fold-title.ts';
import type { Candidate, PendingRow } from './import-row.ts';

const articles =
  'the a an le la les l un une el los las il lo gli der die das ein eine de het een den det o os';
const spelled =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const roman = '- - ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx';

/** Ways to write one word. */
const written = new Map<string, string>([
  ...spelled.split(' ').map((word, number): [string, string] => [word, String(number)]),
  ...roman.split(' ').map((word, number): [string, string] => [word, String(number)]),
  ['part', ''],
  ['pt', ''],
  ['volume', ''],
  ['vol', ''],
  ['and', '&'],
  ['und', '&'],
  ['et', '&'],
  ['versus', 'v'],
  ['vs', 'v'],
  ['doctor', 'dr'],
  ['mister', 'mr'],
  ['saint', 'st'],
  ['brothers', 'bros'],
]);
const leading = new Set(articles.split(' '));

/** A title by its words, without its article, with digits for numbers and one way for what has two. */
function plainTitle(title: string): string {
  const words = title.match(/[\p{L}\p{M}\p{N}'’]+|&/gu) ?? [];
  const folded = words.map((word) => (word === '&' ? word : foldTitle(word)));
  const own = folded.length > 1 && leading.has(folded[0] ?? '') ? folded.slice(1) : folded;
  // What begins a title is no number of a series: “V for Vendetta”, “X”.
  return own.map((word, at) => (at === 0 && word.length === 1 ? word : (written.get(word) ?? word))).join('');
}

/** Whether a movie has one of the row's titles, written in another way: `Rocky 2`, `Twelve Angry Men`, `Matrix`. */
export function isSameOtherwise(
  row: Pick<PendingRow, 'title' | 'original_title'>,
  { title, originalTitle }: Pick<Candidate, 'title' | 'originalTitle'>,
): boolean {
  const wanted = titlesOf(row).map(plainTitle);
  return [title, originalTitle].some((it) => it !== null && it !== '' && wanted.includes(plainTitle(it)));
}
