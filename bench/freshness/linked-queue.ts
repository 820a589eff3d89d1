export interface LinkedQueue {
  /** Takes it out of where it is, and puts it at the end of this row. */
  move(id: number, row: number): void;
  /** The first of the first row that has one, up to this row. Rows before the one last asked for must stay empty. */
  firstUpTo(row: number): number | undefined;
}

/** Rows of ids, each id in at most one row, with no allocation after the beginning: for simulations of a million. */
export function createQueue(ids: number, rows: number): LinkedQueue {
  const next = new Int32Array(ids).fill(-1);
  const before = new Int32Array(ids).fill(-1);
  const rowOf = new Int32Array(ids).fill(-1);
  const heads = new Int32Array(rows).fill(-1);
  const tails = new Int32Array(rows).fill(-1);
  let firstRow = 0;

  const take = (id: number) => {
    const row = rowOf[id] as number;
    if (row < 0) return;
    const [left, right] = [before[id] as number, next[id] as number];
    if (left < 0) heads[row] = right;
    else next[left] = right;
    if (right < 0) tails[row] = left;
    else before[right] = left;
  };
  return {
    move(id, row) {
      take(id);
      rowOf[id] = row;
      next[id] = -1;
      const tail = tails[row] as number;
      before[id] = tail;
      if (tail < 0) heads[row] = id;
      else next[tail] = id;
      tails[row] = id;
    },
    firstUpTo(row) {
      for (; firstRow <= row; firstRow++) {
        const head = heads[firstRow] as number;
        if (head >= 0) return head;
      }
      firstRow = row;
      return undefined;
    },
  };
}
