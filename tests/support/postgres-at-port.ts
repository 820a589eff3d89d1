import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Database } from '#shared/orm/database.ts';

export interface PostgresAtPort extends AsyncDisposable {
  /** From now on it takes whatever is sent, and is silent: no connection is refused, and none ends. */
  hang(): void;
  /** It goes on with what it was sent meanwhile. */
  resume(): void;
  /** Every connection ends, and the port is free: as if the server was stopped. */
  cut(): Promise<void>;
}

/**
 * The tests' PostgreSQL listens on a socket alone; until disposed it is at a port of this machine, too, and says there
 * what `change` makes of its answers.
 */
export async function postgresAtPort(
  { clientConfig }: Pick<Database, 'clientConfig'>,
  port: number,
  change = (answer: Buffer) => answer,
): Promise<PostgresAtPort> {
  const socketPath = join(clientConfig.host ?? '', `.s.PGSQL.${clientConfig.port}`);
  const awake = latch();
  const pass = (from: Socket, to: Socket, changed = (chunk: Buffer) => chunk) =>
    from
      .on('data', (chunk: Buffer) => awake.run(() => to.write(changed(chunk))))
      .on('end', () => awake.run(() => to.end()));
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)));
    const upstream = connect(socketPath);
    pass(socket, upstream);
    pass(upstream, socket, change);
    for (const each of [socket, upstream]) each.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    hang: awake.close,
    resume: awake.open,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
    [Symbol.asyncDispose]: async () => {
      awake.open();
      server.close();
    },
  };
}

/** What comes while it is closed happens when it opens, in the order in which it came. */
function latch() {
  let waiting: (() => unknown)[] | undefined;
  return {
    run: (act: () => unknown) => void (waiting === undefined ? act() : waiting.push(act)),
    close: () => {
      waiting ??= [];
    },
    open: () => {
      const held = waiting ?? [];
      waiting = undefined;
      for (const act of held) act();
    },
  };
}
