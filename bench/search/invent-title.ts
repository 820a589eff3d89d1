/** A title of one to five words, each taken from some given one: as often as it stands there. */
export function inventTitle(titles: readonly string[], seed: number): string {
  let state = (seed * 2_654_435_761) >>> 0;
  const next = (below: number) => {
    // xorshift: the same on every machine.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
  const length = 1 + next(5);
  const words = Array.from({ length }, () => {
    const parts = (titles[next(titles.length)] ?? '').split(/\s+/);
    return parts[next(parts.length)] ?? '';
  });
  return words.join(' ');
}
