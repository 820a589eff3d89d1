import { expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { BinaryRead } from './binary-read.ts';
import { storeTroubleOf } from './store-away.ts';
import { SturdyClient } from './sturdy-client.ts';
import { WatchedClient } from './watched-client.ts';

const message = (type: string, body: Uint8Array | string, length = body.length + 4) => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(body as string)]);
};
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', 'I')]);

/** What comes of a connection and a statement where the server says that, in pieces of so many bytes. */
async function outcomeOf(
  Client: typeof SturdyClient,
  answer: Uint8Array,
  pieceBytes: number,
  query: () => unknown = () => ({ text: 'select 1', query_timeout: 1000 }),
): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', async () => {
      for (let at = 0; at < answer.length; at += pieceBytes) {
        socket.write(answer.subarray(at, at + pieceBytes));
        await Bun.sleep(1);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'a',
    database: 'a',
    connectionTimeoutMillis: 1000,
  });
  try {
    await client.connect();
    await new Promise<void>((resolve, reject) =>
      client.query(query() as string, [], (error) => (error ? reject(error) : resolve())),
    );
    return 'answered';
  } catch (error) {
    return error;
  } finally {
    client.end().catch(() => {});
    server.close();
  }
}

/** Each ended the process, or kept it busy for ever. */
const nonsense = {
  'a message cut short': message('R', 'x'),
  'an error without an end': message('E', 'SFATAL'),
  'an error with one end': message('E', 'SFATAL\0'),
  'an error without anything': message('E', ''),
  'a notice without an end': Buffer.concat([welcome, message('N', 'Mx')]),
  'a message of no length': Buffer.concat([welcome, message('T', '', 0)]),
  'columns cut short': Buffer.concat([welcome, message('T', '\0\x03a')]),
  'a row cut short': Buffer.concat([welcome, message('D', '\0\x09')]),
};

test.each(Object.entries(nonsense))('%s is a connection that broke, and no more', async (_, answer) => {
  const outcomes = await Promise.all(
    [1, 3, 1000].flatMap((bytes) => [
      outcomeOf(SturdyClient, answer, bytes),
      outcomeOf(WatchedClient, answer, bytes),
    ]),
  );
  expect(outcomes.map(storeTroubleOf)).toEqual(outcomes.map(() => 'away'));
});

test('a row that is none of a read in binary is a connection that broke, too', async () => {
  const columns = message(
    'T',
    Buffer.concat([Buffer.from('\0\x01n\0'), Buffer.alloc(6), Buffer.from([0, 0, 0, 23]), Buffer.alloc(8)]),
  );
  const odd = {
    'before its columns': message('D', Buffer.from([0, 1, 0, 0, 0, 4, 0, 0, 0, 1])),
    'of two columns': Buffer.concat([
      columns,
      message('D', Buffer.from([0, 2, 255, 255, 255, 255, 255, 255, 255, 255])),
    ]),
  };
  for (const row of Object.values(odd))
    for (const bytes of [1, 3, 1000]) {
      const read = () => new BinaryRead({ name: 'odd', text: 'select 1', values: [] }, 1000);
      expect(storeTroubleOf(await outcomeOf(SturdyClient, Buffer.concat([welcome, row]), bytes, read))).toBe(
        'away',
      );
    }
});

test('an error of PostgreSQL arrives as it was said, in any pieces', async () => {
  const said = message('E', 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  for (const bytes of [1, 3, 7, 1000])
    expect(await outcomeOf(SturdyClient, said, bytes)).toMatchObject({ code: '57P03' });
});
