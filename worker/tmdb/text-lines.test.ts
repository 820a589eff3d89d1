import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { textLines } from './text-lines.ts';

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

test('lines come whole, however the bytes are cut', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((s) => !/[\n\r]/.test(s) && s.trim() !== ''));
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (lines, size, ended) => {
      // A BOM at the very beginning is not part of the text.
      fc.pre(lines[0]?.startsWith('\ufeff') !== true);
      const bytes = new TextEncoder().encode(lines.join('\n').toWellFormed() + (ended ? '\n' : ''));
      const read = await Array.fromAsync(textLines(inPieces(bytes, size), 1e6, () => new Error()));
      expect(read).toEqual(lines.map((line) => line.toWellFormed()));
    }),
  );
});

test('a line that does not end is given up', async () => {
  const bytes = new Uint8Array(5000).fill(97);
  const reading = Array.fromAsync(textLines(inPieces(bytes, 100), 1000, () => new Error('too long')));
  expect(reading).rejects.toThrow('too long');
});
