const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
/** Longer words share enough with their misspellings to be found by that. */
const longestWord = 12;
const shortestWord = 3;

/** All that one slip of the finger makes of a word: a letter left out, doubled, wrong, or two in the wrong order. */
export function editedWords(word: string): string[] {
  const own = Array.from(word);
  if (own.length < shortestWord || own.length > longestWord) return [];
  const edited = new Set<string>();
  for (let at = 0; at <= own.length; at++) {
    const [before, after] = [own.slice(0, at).join(''), own.slice(at)];
    const rest = after.slice(1).join('');
    for (const letter of letters) edited.add(before + letter + after.join(''));
    if (after.length === 0) continue;
    edited.add(before + rest);
    for (const letter of letters) edited.add(before + letter + rest);
    if (after.length > 1) edited.add(before + after[1] + after[0] + after.slice(2).join(''));
  }
  edited.delete(word);
  return [...edited];
}
