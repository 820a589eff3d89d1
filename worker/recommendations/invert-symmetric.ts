/** Pivots that are taken together: what of them is needed again and again stays in the processor's cache. */
const blockSize = 64;

/**
 * Inverts a symmetric positive definite matrix in place, sweeping block by block: n³ operations, of which nearly all
 * are in one kernel. Only the lower triangle is read; both are written.
 * @param a n × n, by rows
 * @param progress told after each block how far it is, 0…1
 */
export function invertSymmetric(a: Float64Array, n: number, progress: (done: number) => void = () => {}) {
  const column = new Float64Array(n * blockSize);
  const scaled = new Float64Array(n * blockSize);
  for (let start = 0; start < n; start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const pivot = invertPivot(a, n, start, size);
    takeColumn(a, n, start, size, column);
    multiply(column, pivot, n, size, scaled);
    subtractProducts(a, n, start, size, scaled, column);
    putBack(a, n, start, size, { pivot, scaled });
    progress((start + size) / n);
  }
  // Swept at every pivot, the matrix is minus its inverse.
  for (let row = 0; row < n; row++)
    for (let col = 0; col <= row; col++) {
      const value = -(a[row * n + col] ?? 0);
      a[row * n + col] = value;
      a[col * n + row] = value;
    }
}

/** The inverse of a diagonal block, by Gauss and Jordan; positive definite, so it needs no exchange of rows. */
function invertPivot(a: Float64Array, n: number, start: number, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      inverse[i * size + j] = a[(start + Math.max(i, j)) * n + start + Math.min(i, j)] ?? 0;
  for (let k = 0; k < size; k++) {
    const pivot = 1 / (inverse[k * size + k] ?? 0);
    if (!(pivot > 0)) throw new Error('the matrix is not positive definite');
    inverse[k * size + k] = 1;
    for (let j = 0; j < size; j++) inverse[k * size + j] = (inverse[k * size + j] ?? 0) * pivot;
    for (let i = 0; i < size; i++) {
      const factor = inverse[i * size + k] ?? 0;
      if (i === k || factor === 0) continue;
      inverse[i * size + k] = 0;
      for (let j = 0; j < size; j++)
        inverse[i * size + j] = (inverse[i * size + j] ?? 0) - factor * (inverse[k * size + j] ?? 0);
    }
  }
  return inverse;
}

/** The pivots' columns as a panel of its own, `blockSize` to a row; the rows of the pivots themselves stay zero. */
function takeColumn(a: Float64Array, n: number, start: number, size: number, column: Float64Array): void {
  column.fill(0);
  for (let row = 0; row < n; row++) {
    if (row >= start && row < start + size) continue;
    for (let k = 0; k < size; k++)
      column[row * blockSize + k] = (row > start ? a[row * n + start + k] : a[(start + k) * n + row]) ?? 0;
  }
}

function multiply(column: Float64Array, pivot: Float64Array, n: number, size: number, into: Float64Array) {
  into.fill(0);
  for (let row = 0; row < n; row++)
    for (let k = 0; k < size; k++) {
      const factor = column[row * blockSize + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++)
        into[row * blockSize + j] = (into[row * blockSize + j] ?? 0) + factor * (pivot[k * size + j] ?? 0);
    }
}

/** a −= scaled · columnᵀ in the lower triangle, four rows by four columns at a time. The pivots' own rows are zero. */
function subtractProducts(
  a: Float64Array,
  n: number,
  start: number,
  size: number,
  scaled: Float64Array,
  column: Float64Array,
): void {
  for (let tile = 0; tile < n; tile += blockSize) {
    const tileEnd = Math.min(tile + blockSize, n);
    for (let row = tile; row < n; row += 4) {
      if (row >= start && row + 4 <= start + size) continue;
      for (let col = tile; col < tileEnd && col <= row + 3; col += 4)
        if (row + 4 <= n && col + 4 <= n) subtractTile(a, n, row, col, size, scaled, column);
        else subtractEdge(a, n, row, col, size, scaled, column);
    }
  }
}

function subtractEdge(
  a: Float64Array,
  n: number,
  row: number,
  col: number,
  size: number,
  scaled: Float64Array,
  column: Float64Array,
): void {
  for (let i = row; i < Math.min(row + 4, n); i++)
    for (let j = col; j < Math.min(col + 4, n); j++) {
      let sum = 0;
      for (let k = 0; k < size; k++)
        sum += (scaled[i * blockSize + k] ?? 0) * (column[j * blockSize + k] ?? 0);
      a[i * n + j] = (a[i * n + j] ?? 0) - sum;
    }
}

/** The kernel. Sixteen sums in registers, for eight values read. */
function subtractTile(
  a: Float64Array,
  n: number,
  row: number,
  col: number,
  size: number,
  scaled: Float64Array,
  column: Float64Array,
): void {
  const r0 = row * blockSize;
  const r1 = r0 + blockSize;
  const r2 = r1 + blockSize;
  const r3 = r2 + blockSize;
  const c0 = col * blockSize;
  const c1 = c0 + blockSize;
  const c2 = c1 + blockSize;
  const c3 = c2 + blockSize;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let k = 0; k < size; k++) {
    const x0 = scaled[r0 + k] as number;
    const x1 = scaled[r1 + k] as number;
    const x2 = scaled[r2 + k] as number;
    const x3 = scaled[r3 + k] as number;
    const y0 = column[c0 + k] as number;
    const y1 = column[c1 + k] as number;
    const y2 = column[c2 + k] as number;
    const y3 = column[c3 + k] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const a0 = row * n + col;
  const a1 = a0 + n;
  const a2 = a1 + n;
  const a3 = a2 + n;
  a[a0] = (a[a0] as number) - s00;
  a[a0 + 1] = (a[a0 + 1] as number) - s01;
  a[a0 + 2] = (a[a0 + 2] as number) - s02;
  a[a0 + 3] = (a[a0 + 3] as number) - s03;
  a[a1] = (a[a1] as number) - s10;
  a[a1 + 1] = (a[a1 + 1] as number) - s11;
  a[a1 + 2] = (a[a1 + 2] as number) - s12;
  a[a1 + 3] = (a[a1 + 3] as number) - s13;
  a[a2] = (a[a2] as number) - s20;
  a[a2 + 1] = (a[a2 + 1] as number) - s21;
  a[a2 + 2] = (a[a2 + 2] as number) - s22;
  a[a2 + 3] = (a[a2 + 3] as number) - s23;
  a[a3] = (a[a3] as number) - s30;
  a[a3 + 1] = (a[a3 + 1] as number) - s31;
  a[a3 + 2] = (a[a3 + 2] as number) - s32;
  a[a3 + 3] = (a[a3 + 3] as number) - s33;
}

/** D stays minus the pivots' inverse, and their columns are scaled by it: one sweep is done. */
function putBack(
  a: Float64Array,
  n: number,
  start: number,
  size: number,
  { pivot, scaled }: { pivot: Float64Array; scaled: Float64Array },
): void {
  for (let row = 0; row < n; row++)
    for (let k = 0; k < size; k++) {
      const at = row > start + k ? row * n + start + k : (start + k) * n + row;
      if (row < start || row >= start + size) a[at] = scaled[row * blockSize + k] ?? 0;
      else a[at] = -(pivot[(row - start) * size + k] ?? 0);
    }
}
