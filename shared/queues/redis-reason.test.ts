import { expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { redisReason } from './redis-reason.ts';

async function reasonOf(says: string, protocol = 'redis'): Promise<string | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(Buffer.from(says, 'latin1'));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as { port: number };
  try {
    return await redisReason(`${protocol}://user:hidden@127.0.0.1:${port}`);
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

test('TLS on one side alone is told from either side', async () => {
  expect(await reasonOf('\x15\x03\x03\x00\x02\x02\x28')).toBe(
    'it speaks TLS: write rediss:// in place of redis://',
  );
  for (const says of ['+PONG\r\n', '-NOAUTH Authentication required.\r\n'])
    expect(await reasonOf(says, 'rediss')).toBe('it speaks no TLS: write redis:// in place of rediss://');
  expect(await reasonOf('\x15\x03\x03\x00\x02\x02\x28', 'rediss')).toBeUndefined();
});

test.each(['redis', 'rediss'])('a name that nobody knows is told as that, for %s', async (protocol) => {
  expect(await redisReason(`${protocol}://no-such-host.invalid`)).toContain('name of the host');
});
