import { expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { redisReason } from './redis-reason.ts';

async function reasonOf(says: string): Promise<string | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(says);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as { port: number };
  try {
    return await redisReason(`redis://user:hidden@127.0.0.1:${port}`);
  } finally {
    server.close();
  }
}

test.each([
  [
    '-DENIED Redis is running in protected mode because protected mode is enabled\r\n',
    'it is in protected mode',
  ],
  ['-ERR max number of clients reached\r\n', 'it refuses us and says: max number of clients reached'],
  ['-LOADING Redis is loading the dataset in memory\r\n', 'LOADING Redis is loading'],
  ['HTTP/1.1 400 Bad Request\r\n\r\n', 'what listens there is no Redis'],
])('a server that says %j is told as what it is', async (says, reason) => {
  expect(await reasonOf(says)).toContain(reason);
});

test.each(['', '+PONG\r\n', '-NOAUTH Authentication required.\r\n'])(
  'nothing is made of %j',
  async (says) => {
    expect(await reasonOf(says)).toBeUndefined();
  },
);

test('a port where nobody listens is told as that', async () => {
  expect(await redisReason('redis://127.0.0.1:1')).toBe(
    'it refuses the connection, because nothing listens there',
  );
});
