/** For each of many rows the best `size` of what it is offered, each in a heap whose least is on top. */
export interface BestLists {
  offer(row: number, column: number, score: number): void;
  /** How many a row kept. */
  length(row: number): number;
  /** What a row kept, best first; ties by column. Sorted in place: after it nothing is offered to the row any more. */
  sorted(row: number): { columns: Int32Array; scores: Float32Array };
  /** All that the offers have changed, by name. */
  arrays: { columns: Int32Array; scores: Float32Array; lengths: Int32Array };
}

export function createBestLists(rows: number, size: number): BestLists {
  const columns = new Int32Array(rows * size);
  const scores = new Float32Array(rows * size);
  const lengths = new Int32Array(rows);
  const isSorted = new Uint8Array(rows);

  const swap = (a: number, b: number) => {
    const column = columns[a] ?? 0;
    const score = scores[a] ?? 0;
    columns[a] = columns[b] ?? 0;
    scores[a] = scores[b] ?? 0;
    columns[b] = column;
    scores[b] = score;
  };
  /** Ties go to the smaller column, whatever the order of the offers. */
  const isLess = (a: number, b: number) => {
    const x = scores[a] ?? 0;
    const y = scores[b] ?? 0;
    return x < y || (x === y && (columns[a] ?? 0) > (columns[b] ?? 0));
  };
  const rise = (first: number, at: number) => {
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!isLess(first + child, first + parent)) return;
      swap(first + child, first + parent);
      child = parent;
    }
  };
  const sink = (first: number, length: number) => {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      if (left >= length) return;
      const right = left + 1;
      const least = right < length && isLess(first + right, first + left) ? right : left;
      if (!isLess(first + least, first + parent)) return;
      swap(first + least, first + parent);
      parent = least;
    }
  };

  return {
    arrays: { columns, scores, lengths },
    offer(row, column, score) {
      const first = row * size;
      const length = lengths[row] ?? 0;
      if (length < size) {
        columns[first + length] = column;
        scores[first + length] = score;
        lengths[row] = length + 1;
        rise(first, length);
        return;
      }
      const worst = scores[first] ?? 0;
      const rounded = Math.fround(score);
      if (rounded < worst || (rounded === worst && column > (columns[first] ?? 0))) return;
      columns[first] = column;
      scores[first] = rounded;
      sink(first, size);
    },
    length: (row) => lengths[row] ?? 0,
    sorted(row) {
      const first = row * size;
      const length = lengths[row] ?? 0;
      if (isSorted[row] === 0)
        for (let last = length - 1; last > 0; last--) {
          swap(first, first + last);
          sink(first, last);
        }
      isSorted[row] = 1;
      return {
        columns: columns.subarray(first, first + length),
        scores: scores.subarray(first, first + length),
      };
    },
  };
}
