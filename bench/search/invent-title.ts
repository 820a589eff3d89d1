/** A word that stands in more of the given titles than one in so many is no title by itself: no film is called “Of”. */
const commonIn = 100;

/**
 * Makes titles of one to five words, each taken from some given one: as often as it stands there. One of common words
 * alone gets further words: otherwise, of a million movies, thirty thousand would bear the same title.
 */
export function titleInventor(titles: readonly string[]): (seed: number) => string {
  const wordsOf = titles.map((title) => title.split(/\s+/));
  const common = commonWords(wordsOf);
  return (seed) => {
    const next = numbersFrom(seed);
    const word = () => {
      const words = wordsOf[next(wordsOf.length)] ?? [];
      return words[next(words.length)] ?? '';
    };
    const words = Array.from({ length: 1 + next(5) }, word);
    while (words.length < 5 && words.every((each) => common.has(each.toLowerCase()))) words.push(word());
    return words.join(' ');
  };
}

function commonWords(titles: readonly (readonly string[])[]): Set<string> {
  const counts = new Map<string, number>();
  for (const words of titles)
    for (const word of new Set(words.map((each) => each.toLowerCase())))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Set([...counts.keys()].filter((word) => (counts.get(word) ?? 0) > titles.length / commonIn));
}

/** xorshift: the same on every machine. */
function numbersFrom(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
