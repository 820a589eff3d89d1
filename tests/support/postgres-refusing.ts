import { createServer } from 'node:net';

export interface RefusingPostgres extends AsyncDisposable {
  port: number;
}

/** Says one SQLSTATE to whoever connects, in PostgreSQL's own protocol, and hangs up. */
export async function postgresRefusing(sqlState: string): Promise<RefusingPostgres> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(errorResponse(sqlState)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close() };
}

/** The type of the message, its length with the length itself, and fields that each end with a zero byte. */
function errorResponse(sqlState: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0Mrefused with ${sqlState}\0\0`, 'latin1');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.byteLength + 4, 1);
  return Buffer.concat([head, fields]);
}
