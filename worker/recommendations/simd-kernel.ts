/** The address of C, its row length in bytes; of A; of B, its row length in bytes; how many k, and how many tiles. */
export type AddProducts = (
  c: number,
  cStride: number,
  a: number,
  b: number,
  bStride: number,
  size: number,
  tiles: number,
) => void;

const [loop, end, branchIf, localGet, localSet, localTee] = [3, 11, 13, 32, 33, 34];
const [i32, v128, i32Const, i32Add, i32Sub, empty] = [127, 123, 65, 106, 107, 64];
const simd = { load: 0, store: 11, loadSplat: 9, add: 228, multiply: 230 };

/** Unsigned LEB128. */
function count(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...count(value >>> 7)];
}
const sized = (bytes: number[]) => [...count(bytes.length), ...bytes];
const section = (id: number, ...entries: number[][]) => [
  id,
  ...sized([...count(entries.length), ...entries.flat()]),
];
const name = (text: string) => sized([...Buffer.from(text)]);
const get = (local: number) => [localGet, ...count(local)];
const set = (local: number, value: number[]) => [...value, localSet, ...count(local)];
/** Signed LEB128: one byte is enough below 64. */
const constant = (value: number) => [i32Const, value];
const added = (a: number[], b: number[]) => [...a, ...b, i32Add];
const vector = (operation: number, ...rest: number[]) => [253, ...count(operation), ...rest];
const move = (local: number, bytes: number[]) => set(local, added(get(local), bytes));
/** Runs the body until the local, counted down by one each time, is zero. It begins above zero. */
const countDown = (local: number, body: number[]) => [
  ...[loop, empty],
  ...body,
  ...[...get(local), ...constant(1), i32Sub, localTee, local, branchIf, 0],
  end,
];

/**
 * C += A·B for four rows of C and eight columns a tile, in WebAssembly's vectors of four floats. Eight vectors of sums
 * stay in registers. A is k by k, four rows side by side; B and C are by rows.
 */
function addProducts(): number[] {
  const [c, cStride, a, b, bStride, size, tiles] = [0, 1, 2, 3, 4, 5, 6];
  const [left, at, from, row, low, high, splat, sums] = [7, 8, 9, 10, 11, 12, 13, 14];
  const sumOf = (n: number, half: number) => sums + 2 * n + half;
  const eachRow = (body: (n: number) => number[]) =>
    [0, 1, 2, 3].flatMap((n) => [...body(n), ...(n < 3 ? move(row, get(cStride)) : [])]);
  const load = eachRow((n) =>
    [0, 1].flatMap((half) => set(sumOf(n, half), [...get(row), ...vector(simd.load, 2, 16 * half)])),
  );
  const store = eachRow((n) =>
    [0, 1].flatMap((half) => [...get(row), ...get(sumOf(n, half)), ...vector(simd.store, 2, 16 * half)]),
  );
  const addOne = [0, 1, 2, 3].flatMap((n) => [
    ...set(splat, [...get(from), ...vector(simd.loadSplat, 2, 4 * n)]),
    ...[low, high].flatMap((values, half) =>
      set(sumOf(n, half), [
        ...get(sumOf(n, half)),
        ...get(values),
        ...get(splat),
        ...vector(simd.multiply),
        ...vector(simd.add),
      ]),
    ),
  ]);
  const step = [
    ...set(low, [...get(at), ...vector(simd.load, 2, 0)]),
    ...set(high, [...get(at), ...vector(simd.load, 2, 16)]),
    ...addOne,
    ...move(from, constant(16)),
    ...move(at, get(bStride)),
  ];
  const tile = [
    ...set(row, get(c)),
    ...load,
    ...set(at, get(b)),
    ...set(from, get(a)),
    ...set(left, get(size)),
    ...countDown(left, step),
    ...set(row, get(c)),
    ...store,
    ...move(c, constant(32)),
    ...move(b, constant(32)),
  ];
  return sized([2, 4, i32, 11, v128, ...countDown(tiles, tile), end]);
}

/** Compiles the kernel over a memory of its own. */
export function createKernel(bytes: number): { memory: WebAssembly.Memory; addProducts: AddProducts } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const module = [
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, [96, ...sized(Array(7).fill(i32)), 0]),
    ...section(2, [...name('m'), ...name('memory'), 2, 0, 1]),
    ...section(3, [0]),
    ...section(7, [...name('addProducts'), 0, 0]),
    ...section(10, addProducts()),
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module)), {
    m: { memory },
  });
  return { memory, addProducts: exports['addProducts'] as AddProducts };
}
