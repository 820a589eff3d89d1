import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Database } from '#shared/db/database.ts';

/**
 * The tests' PostgreSQL listens on a socket alone; until disposed it is at a port of this machine, too, and says there
 * what `change` makes of its answers.
 */
export async function postgresAtPort(
  { clientConfig }: Pick<Database, 'clientConfig'>,
  port: number,
  change?: (answer: Buffer) => Buffer,
): Promise<AsyncDisposable> {
  const socketPath = join(clientConfig.host ?? '', `.s.PGSQL.${clientConfig.port}`);
  const server = createServer((socket) => {
    const upstream = connect(socketPath);
    socket.pipe(upstream);
    if (change === undefined) upstream.pipe(socket);
    else upstream.on('data', (answer: Buffer) => socket.write(change(answer))).on('end', () => socket.end());
    for (const each of [socket, upstream]) each.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { [Symbol.asyncDispose]: async () => void server.close() };
}
