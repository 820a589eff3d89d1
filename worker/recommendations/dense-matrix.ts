import { createKernel } from './simd-kernel.ts';

/** Rows, columns and pivots that are taken together, so that what is needed again stays in the processor's cache. */
export const blockSize = 64;
const rowsOfKernel = 4;
const tilesOfBlock = blockSize / 8;
const floatBytes = 4;

/** A symmetric matrix in single precision, inverted and multiplied by the kernel. */
export interface DenseMatrix {
  /** n rows of `stride` floats; what is beyond n is not to be touched. */
  values: Float32Array;
  stride: number;
  /** Of a positive definite one whose lower triangle is filled; then both triangles are. n³ operations. */
  invert(progress: (done: number) => void): void;
  /** Up to `blockSize` rows of `stride` floats, to be filled by the caller… */
  left: Float32Array;
  /** …and, after `multiply`, these rows times the matrix. */
  product: Float32Array;
  multiply(): void;
}

/** A matrix of zeros. Memory: 4n² bytes. */
export function createDenseMatrix(n: number): DenseMatrix {
  const padded = Math.ceil(n / blockSize) * blockSize;
  // Rows must not begin a power of two apart: they would push each other out of the cache.
  const stride = padded + 16;
  const panelFloats = blockSize * stride;
  const kernel = createKernel((padded * stride + 4 * panelFloats) * floatBytes);
  const floats = new Float32Array(kernel.memory.buffer);
  const part = (index: number) =>
    floats.subarray(padded * stride + index * panelFloats, padded * stride + (index + 1) * panelFloats);
  const [values, column, scaled, packed] = [floats.subarray(0, padded * stride), part(0), part(1), part(2)];
  const pivotPack = part(3);
  for (let row = n; row < padded; row++) values[row * stride + row] = 1;

  /** Where a part begins, as the kernel counts: in floats. Views of each place would cost more than the arithmetic. */
  const at = { column: padded * stride, scaled: 0, packed: 0, pivotPack: 0 };
  at.scaled = at.column + panelFloats;
  at.packed = at.scaled + panelFloats;
  at.pivotPack = at.packed + panelFloats;
  const rowBytes = stride * floatBytes;
  /** target += pack · source for one group of four rows. */
  const add = (target: number, pack: number, source: number, tiles: number) =>
    kernel.addProducts(
      target * floatBytes,
      rowBytes,
      pack * floatBytes,
      source * floatBytes,
      rowBytes,
      blockSize,
      tiles,
    );

  const sweep = (start: number) => {
    const pivot = invertPivot(values, stride, start);
    takeColumn(values, stride, start, { padded, column });
    packRows(pivot, 0, blockSize, pivotPack);
    scaled.fill(0);
    for (let row = 0; row < blockSize; row += rowsOfKernel)
      add(at.scaled + row * stride, at.pivotPack + row * blockSize, at.column, padded / 8);
    packColumns(scaled, stride, padded, packed);
    for (let col = 0; col < padded; col += blockSize)
      for (let row = col; row < padded; row += rowsOfKernel)
        add(row * stride + col, at.packed + row * blockSize, at.column + col, tilesOfBlock);
    putBack(values, stride, start, { padded, pivot, scaled });
  };

  return {
    values,
    stride,
    left: column,
    product: scaled,
    invert(progress) {
      for (let start = 0; start < padded; start += blockSize) {
        sweep(start);
        progress((start + blockSize) / padded);
      }
      mirrorNegative(values, stride, padded);
    },
    multiply() {
      scaled.fill(0);
      for (let k = 0; k < padded; k += blockSize) {
        const isUsed = packRows(column, k, stride, packed);
        for (let col = 0; isUsed && col < padded; col += blockSize)
          for (let row = 0; row < blockSize; row += rowsOfKernel)
            add(at.scaled + row * stride + col, at.packed + row * blockSize, k * stride + col, tilesOfBlock);
      }
    },
  };
}

/** The inverse of a diagonal block, by Gauss and Jordan; positive definite, so it needs no exchange of rows. */
function invertPivot(a: Float32Array, stride: number, start: number): Float64Array {
  const size = blockSize;
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      inverse[i * size + j] = a[(start + Math.max(i, j)) * stride + start + Math.min(i, j)] as number;
  for (let k = 0; k < size; k++) {
    const pivot = 1 / (inverse[k * size + k] as number);
    if (!(pivot > 0)) throw new Error('the matrix is not positive definite');
    inverse[k * size + k] = 1;
    for (let j = 0; j < size; j++) inverse[k * size + j] = (inverse[k * size + j] as number) * pivot;
    for (let i = 0; i < size; i++) {
      const factor = inverse[i * size + k] as number;
      if (i === k || factor === 0) continue;
      inverse[i * size + k] = 0;
      for (let j = 0; j < size; j++)
        inverse[i * size + j] =
          (inverse[i * size + j] as number) - factor * (inverse[k * size + j] as number);
    }
  }
  return inverse;
}

interface Panel {
  padded: number;
  column: Float32Array;
}

/** The pivots' columns, one after the other as rows; those of the pivots themselves are zero. */
function takeColumn(a: Float32Array, stride: number, start: number, { padded, column }: Panel): void {
  for (let k = 0; k < blockSize; k++) {
    const into = k * stride;
    column.set(a.subarray((start + k) * stride, (start + k) * stride + start), into);
    column.fill(0, into + start, into + start + blockSize);
  }
  for (let row = start + blockSize; row < padded; row++)
    for (let k = 0; k < blockSize; k++) column[k * stride + row] = a[row * stride + start + k] as number;
}

/** A block of rows as the kernel reads them: in fours, value by value. @returns whether any is not zero */
function packRows(
  from: Float32Array | Float64Array,
  start: number,
  stride: number,
  into: Float32Array,
): boolean {
  let isUsed = false;
  for (let row = 0; row < blockSize; row++) {
    const first = (row & ~3) * blockSize + (row & 3);
    for (let k = 0; k < blockSize; k++) {
      const value = from[start + row * stride + k] as number;
      if (value !== 0) isUsed = true;
      into[first + k * rowsOfKernel] = value;
    }
  }
  return isUsed;
}

/** Minus the columns, for `rows` rows, in the same order. */
function packColumns(from: Float32Array, stride: number, rows: number, into: Float32Array): void {
  for (let k = 0; k < blockSize; k++)
    for (let row = 0; row < rows; row++)
      into[(row & ~3) * blockSize + k * rowsOfKernel + (row & 3)] = -(from[k * stride + row] as number);
}

/** The pivots' block becomes minus its inverse, and their columns are scaled by it: one sweep is done. */
function putBack(
  a: Float32Array,
  stride: number,
  start: number,
  { padded, pivot, scaled }: { padded: number; pivot: Float64Array; scaled: Float32Array },
): void {
  for (let k = 0; k < blockSize; k++) {
    a.set(scaled.subarray(k * stride, k * stride + start), (start + k) * stride);
    for (let j = 0; j < blockSize; j++)
      a[(start + k) * stride + start + j] = -(pivot[k * blockSize + j] as number);
  }
  for (let row = start + blockSize; row < padded; row++)
    for (let k = 0; k < blockSize; k++) a[row * stride + start + k] = scaled[k * stride + row] as number;
}

/** Swept at every pivot, the lower triangle is minus that of the inverse. Block by block, for the cache. */
function mirrorNegative(a: Float32Array, stride: number, padded: number): void {
  for (let top = 0; top < padded; top += blockSize)
    for (let first = 0; first <= top; first += blockSize)
      for (let row = top; row < top + blockSize; row++)
        for (let col = first; col < first + blockSize && col <= row; col++) {
          const value = -(a[row * stride + col] as number);
          a[row * stride + col] = value;
          a[col * stride + row] = value;
        }
}
