import { connect, createServer, type Socket } from 'node:net';

/** What is done to one connection, in place of leading it on. */
export type Spoiling = (socket: Socket, to: Place) => void;

export type Place = { port: number; host?: string } | { path: string };

export interface SpoiledPort extends AsyncDisposable {
  port: number;
  /** For what is open, which ends with a reset, and for what comes; `undefined`: it leads on. */
  spoil(spoiling: Spoiling | undefined): void;
}

const ignore = () => {};

/** A port of this machine that leads to a server, until somebody else answers there, or cuts what it says. */
export async function openSpoiledPort(to: Place): Promise<SpoiledPort> {
  let spoiling: Spoiling | undefined;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', ignore).on('close', () => open.delete(socket));
    (spoiling ?? cutAfter(Number.POSITIVE_INFINITY))(socket, to);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    spoil(next) {
      spoiling = next;
      for (const socket of open) socket.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

/** Leads on, and breaks after so many bytes of the server. */
export const cutAfter =
  (bytes: number): Spoiling =>
  (socket, to) => {
    const far = connect(to);
    let left = bytes;
    socket.on('data', (chunk) => far.write(chunk)).on('close', () => far.destroy());
    far.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    far.on('data', (chunk: Buffer) => {
      socket.write(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) setTimeout(() => socket.resetAndDestroy(), 5);
    });
  };

/** Says that to whatever it hears, or at once, and then hangs up. */
export const say =
  (answer: string | Uint8Array, { atOnce = false, hangsUp = true } = {}): Spoiling =>
  (socket) => {
    const answered = () => {
      if (hangsUp) socket.end(answer);
      else socket.write(answer);
    };
    if (atOnce) answered();
    else socket.on('data', answered);
  };

/** Takes no connection. */
export const reset: Spoiling = (socket) => void socket.resetAndDestroy();
