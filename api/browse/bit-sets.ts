/** One bit for each of TMDb's ids, as PostgreSQL sends them: the first is the highest of its byte. */
export type BitSet = Uint32Array;

type Leaf =
  | { term: number }
  /** Movies that have one of these terms, for which no bits are kept. */
  | { rare: readonly number[] }
  /** Movies that were found otherwise, by TMDb's ids: those of any of some lists. */
  | { ids: readonly ArrayLike<number>[] };

/** What is to be combined, of bits that are read beforehand. */
export type BitTree =
  | Leaf
  | { any: readonly BitTree[] }
  /** Those of each, without those of any of `none`. */
  | { all: readonly [BitTree, ...BitTree[]]; none?: readonly BitTree[] };

const isLeaf = (tree: BitTree): tree is Leaf => 'term' in tree || 'rare' in tree || 'ids' in tree;

export function leavesOf(tree: BitTree): Leaf[] {
  if (isLeaf(tree)) return [tree];
  return ('any' in tree ? tree.any : [...tree.all, ...(tree.none ?? [])]).flatMap(leavesOf);
}

/** @param read what a leaf stands for: it is not changed */
export function combine(tree: BitTree, words: number, read: (leaf: Leaf) => BitSet): BitSet {
  if (isLeaf(tree)) return read(tree);
  const of = (part: BitTree) => combine(part, words, read);
  const parts = 'any' in tree ? tree.any : tree.all;
  // What was combined before is nobody else's, and is gone on with.
  const first = parts.find((part) => !isLeaf(part)) ?? parts[0];
  if (first === undefined) return new Uint32Array(words);
  const bits = isLeaf(first) ? of(first).slice() : of(first);
  for (const part of parts) if (part !== first) ('any' in tree ? addAll : keepOnly)(bits, of(part));
  for (const part of 'none' in tree ? (tree.none ?? []) : []) takeAway(bits, of(part));
  return bits;
}

function addAll(bits: BitSet, others: BitSet): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) | (others[at] as number);
}

function keepOnly(bits: BitSet, others: BitSet): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) & (others[at] as number);
}

function takeAway(bits: BitSet, others: BitSet): void {
  for (let at = 0; at < bits.length; at++) bits[at] = (bits[at] as number) & ~(others[at] as number);
}

/** How many bits of a word are set (Warren, Hacker's Delight). */
function countWord(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function countBits(bits: BitSet): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += countWord(bits[at] as number);
  return count;
}

/** The words in which any bit is set. */
export function wordsIn(bits: BitSet): Uint32Array {
  const places = new Uint32Array(bits.length);
  let found = 0;
  for (let at = 0; at < bits.length; at++) if (bits[at] !== 0) places[found++] = at;
  return places.subarray(0, found);
}

/** How many bits are set in both. @param words the words of `bits` in which any is set */
export function countBoth(bits: BitSet, others: BitSet, words: Uint32Array): number {
  let count = 0;
  for (let n = 0; n < words.length; n++) {
    const at = words[n] as number;
    count += countWord((bits[at] as number) & (others[at] as number));
  }
  return count;
}

/** Which id a bit stands for, by the word and its place there: PostgreSQL's bytes begin with their highest bit. */
const idAt = (at: number, place: number) => at * 32 + (place ^ 7);

/** Sets a digit of the number of each id. */
export function addDigit(numbers: Uint16Array, bits: BitSet, digit: number): void {
  for (let at = 0; at < bits.length; at++)
    for (let left = bits[at] as number; left !== 0; left &= left - 1) {
      const id = idAt(at, 31 - Math.clz32(left & -left));
      numbers[id] = (numbers[id] as number) | (1 << digit);
    }
}

/**
 * How often each number comes among some movies.
 * @param words the words of `bits` in which any is set
 * @param different how many numbers there may be
 */
export function countNumbers(
  bits: BitSet,
  words: Uint32Array,
  numbers: Uint16Array,
  different: number,
): Uint32Array {
  const counts = new Uint32Array(different);
  for (let n = 0; n < words.length; n++) {
    const at = words[n] as number;
    for (let left = bits[at] as number; left !== 0; left &= left - 1) {
      const number = numbers[idAt(at, 31 - Math.clz32(left & -left))] as number;
      counts[number] = (counts[number] as number) + 1;
    }
  }
  return counts;
}

/** Of the bytes that PostgreSQL sends. */
export function bitSetOf(bytes: Uint8Array, words: number): BitSet {
  const bits = new Uint32Array(words);
  new Uint8Array(bits.buffer).set(bytes.subarray(0, words * 4));
  return bits;
}

/** Of all these lists at once: to combine the bits of each would cost far more. */
export function bitSetOfIds(lists: readonly ArrayLike<number>[], words: number): BitSet {
  const bytes = new Uint8Array(words * 4);
  for (const ids of lists)
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] as number;
      if (id >> 3 < bytes.length) bytes[id >> 3] = (bytes[id >> 3] as number) | (0x80 >> (id & 7));
    }
  return new Uint32Array(bytes.buffer);
}
