import { expect, test } from 'bun:test';
import { Readable } from 'node:stream';
import { LineReader } from './line-reader.ts';

test('a line that never ends is not read for ever', async () => {
  let chunks = 0;
  const endless = function* () {
    for (; chunks < 2000; chunks++) yield Buffer.alloc(16 * 1024, 'a');
  };
  const lines = new LineReader(Readable.from(endless()));
  await expect(lines.next()).rejects.toThrow('it is no backup');
  expect(chunks).toBeLessThan(200);
});

test('lines are read as they are, wherever the pieces of the stream end', async () => {
  const long = 'b'.repeat(900_000);
  const text = `{"a":1}\n${long}\n\nlast`;
  const pieces = text.match(/[\s\S]{1,70000}/g) ?? [];
  const lines = new LineReader(Readable.from(pieces.map((piece) => Buffer.from(piece))));
  expect(await lines.next()).toBe('{"a":1}');
  expect(await lines.next()).toBe(long);
  expect(await lines.next()).toBe('');
  expect(await lines.next()).toBeUndefined();
});
