import { connect, createServer, type Socket } from 'node:net';

/**
 * What the network does with what is sent.
 * `pass`: it arrives. `swallow`: it is acknowledged and goes nowhere, like what a proxy holds whose other side died.
 * `reset`: each connection breaks at once, new ones too. `refuse`: nothing listens. `trickle`: byte by byte.
 */
export type WireState = 'pass' | 'swallow' | 'reset' | 'refuse' | 'trickle';

export interface Wire extends AsyncDisposable {
  port: number;
  /** For what is open and for what comes. A connection that was ever swallowed stays dead. */
  become(state: WireState): Promise<void>;
  /** How many connections are open. */
  open(): number;
}

interface Pair {
  sockets: [near: Socket, far: Socket];
  isDead: boolean;
}

const trickleBytes = 32;
const trickleEveryMs = 100;

/** A port of this machine that leads to another address, through a network that can be spoiled. */
export async function openWire(
  to: { port: number; host?: string } | { path: string },
  atPort = 0,
): Promise<Wire> {
  let state: WireState = 'pass';
  const pairs = new Set<Pair>();
  const ignore = () => {};

  const forward = (from: Socket, into: Socket, pair: Pair) =>
    from
      .on('data', (chunk: Buffer) => {
        if (pair.isDead) return;
        if (state === 'trickle') void trickle(chunk, from, into);
        else into.write(chunk);
      })
      .on('close', () => !pair.isDead && into.destroy())
      .on('error', ignore);

  const accept = (near: Socket) => {
    if (state === 'reset') return void near.resetAndDestroy();
    const pair: Pair = { sockets: [near, connect(to)], isDead: state === 'swallow' };
    pairs.add(pair);
    const [, far] = pair.sockets;
    forward(near, far, pair);
    forward(far, near, pair);
    near.on('close', () => pairs.delete(pair));
  };

  let server = createServer(accept);
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', resolve));
  await listen(atPort);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const end = (how: (socket: Socket) => void) => {
    for (const { sockets } of pairs) for (const socket of sockets) how(socket);
    pairs.clear();
  };
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));

  return {
    port,
    open: () => pairs.size,
    async become(next) {
      const before = state;
      state = next;
      if (next === 'swallow') for (const pair of pairs) pair.isDead = true;
      if (next === 'reset' || next === 'refuse') end((socket) => socket.resetAndDestroy());
      if (next === 'refuse' && before !== 'refuse') await close();
      if (next !== 'refuse' && before === 'refuse') {
        server = createServer(accept);
        await listen(port);
      }
    },
    async [Symbol.asyncDispose]() {
      end((socket) => socket.destroy());
      if (state !== 'refuse') server.close();
    },
  };
}

async function trickle(chunk: Buffer, from: Socket, into: Socket): Promise<void> {
  from.pause();
  for (let at = 0; at < chunk.byteLength && !into.destroyed; at += trickleBytes) {
    into.write(chunk.subarray(at, at + trickleBytes));
    await Bun.sleep(trickleEveryMs);
  }
  from.resume();
}
