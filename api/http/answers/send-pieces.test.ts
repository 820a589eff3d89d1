import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import { until } from '#tests/support/until.ts';
import type { JsonPieces } from '../contract/answer.ts';
import { sendPieces } from './send-pieces.ts';

/** Goes on until it is left, and then cannot be closed in order, or breaks by itself. */
function pieces(breaksAfter: number, left: () => void): AsyncIterableIterator<string> {
  let count = 0;
  const itself = {
    [Symbol.asyncIterator]: () => itself,
    async next() {
      await Bun.sleep(1);
      if (count++ < breaksAfter) return { done: false as const, value: `"${'x'.repeat(100_000)}",` };
      left();
      throw new Error('the store went away');
    },
    // An error that nobody listens to would fail this test.
    return: () => {
      left();
      return Promise.reject(new Error('nothing could be closed'));
    },
  };
  return itself;
}

test.each([
  ['the caller leaves in the middle', 10_000],
  ['the store goes away in the middle', 3],
])('where %s, the answer ends, and nothing else', async (_, breaksAfter) => {
  let lefts = 0;
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () =>
      sendPieces(
        { set: { headers: {} } },
        pieces(breaksAfter, () => lefts++) as unknown as JsonPieces<unknown>,
      ) as never,
  });
  const socket = connect(server.port ?? 0, '127.0.0.1');
  socket.on('error', () => {});
  let bytes = 0;
  let closed = false;
  socket.on('close', () => {
    closed = true;
  });
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > 500_000) socket.destroy();
  });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => lefts === 1 && closed);
  await Bun.sleep(50);
  expect((await fetch(`http://127.0.0.1:${server.port}/`, { method: 'HEAD' })).status).toBe(200);
});
