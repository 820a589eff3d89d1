import { describe, expect, test } from 'bun:test';
import { blockSize, createDenseMatrix } from './dense-matrix.ts';

const sizes = [1, 3, 63, 64, 65, 130];
const entry = (n: number, i: number, j: number) =>
  i === j ? n + 1 : Math.sin(Math.min(i, j) * 7 + Math.max(i, j) * 3) / 3;

describe('a dense matrix', () => {
  test.each(sizes)('times its inverse is one, %i × %i', (n) => {
    const { values, stride, invert } = createDenseMatrix(n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) values[i * stride + j] = entry(n, i, j);
    invert(() => {});
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += entry(n, i, k) * (values[k * stride + j] ?? 0);
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    expect(worst).toBeLessThan(1e-5);
  });

  test.each(sizes)('is multiplied from the left, %i × %i', (n) => {
    const { values, stride, left, product, multiply } = createDenseMatrix(n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * stride + j] = entry(n, i, j);
    const given = (row: number, k: number) => ((row * 5 + k * 3) % 7) - 3;
    for (let row = 0; row < blockSize; row++)
      for (let k = 0; k < n; k++) left[row * stride + k] = given(row, k);
    // Twice: what is left of the first time must not show.
    multiply();
    multiply();
    for (let row = 0; row < blockSize; row++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += given(row, k) * entry(n, k, j);
        expect(Math.abs((product[row * stride + j] ?? 0) - sum)).toBeLessThan(1e-3);
      }
  });

  test('is not inverted unless it is positive definite', () => {
    const { values, stride, invert } = createDenseMatrix(2);
    values.set([1, 2], 0);
    values.set([2, 1], stride);
    expect(() => invert(() => {})).toThrow('positive definite');
  });
});
