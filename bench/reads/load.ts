import { speakWithParent } from '../child-program.ts';
import { percentile } from '../statistics.ts';

/** The reader: plain HTTP/1.1 on kept connections, one request at a time on each, and as little work as can be. */
export interface LoadOrder {
  port: number;
  paths: readonly string[];
  /** Lines, each with its end. */
  headers?: string;
  connections: number;
  ms: number;
  maxRequests: number;
}

export interface LoadResult {
  requests: number;
  ms: number;
  p50Ms: number;
  p99Ms: number;
}

interface Reader {
  sentAt: number;
  /** Bytes of the body that have yet to come; -1 while it is the head that is waited for. */
  missing: number;
  head: Buffer | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
/** Coprime to any number of paths in use: every path has its turn, no two neighbours in a row. */
const stride = 7919;

function load({ port, paths, headers = '', connections, ms, maxRequests }: LoadOrder): Promise<LoadResult> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
  const requests = paths.map((path) =>
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\n${headers}\r\n`),
  );
  const waits = new Float64Array(maxRequests);
  const sockets: Bun.Socket<Reader>[] = [];
  const startedAt = performance.now();
  let next = 0;
  let done = 0;
  let ended = false;

  const end = (failure?: Error) => {
    if (ended) return;
    ended = true;
    const took = performance.now() - startedAt;
    for (const socket of sockets) socket.terminate();
    if (failure !== undefined) return reject(failure);
    const counted = waits.subarray(0, done);
    resolve({ requests: done, ms: took, p50Ms: percentile(counted, 0.5), p99Ms: percentile(counted, 0.99) });
  };
  const send = (socket: Bun.Socket<Reader>) => {
    next = (next + stride) % requests.length;
    socket.data.sentAt = performance.now();
    socket.data.missing = -1;
    socket.write(requests[next] ?? '');
  };
  const data = (socket: Bun.Socket<Reader>, received: Buffer) => {
    const reader = socket.data;
    if (reader.missing < 0) {
      const head: Buffer = reader.head === undefined ? received : Buffer.concat([reader.head, received]);
      const at = head.indexOf(headEnd);
      reader.head = at < 0 ? Buffer.from(head) : undefined;
      if (at < 0) return;
      const text = head.toString('latin1', 0, at);
      const length = /content-length: *(\d+)/i.exec(text)?.[1];
      if (!text.startsWith('HTTP/1.1 200') || length === undefined) return end(new Error(`answered ${text}`));
      reader.missing = Number(length) - (head.length - at - headEnd.length);
    } else reader.missing -= received.length;
    if (reader.missing > 0 || ended) return;
    const now = performance.now();
    waits[done++] = now - reader.sentAt;
    if (done >= maxRequests || now - startedAt >= ms) return end();
    send(socket);
  };
  for (let n = 0; n < connections; n++)
    Bun.connect<Reader>({
      hostname: '127.0.0.1',
      port,
      data: { sentAt: 0, missing: -1, head: undefined },
      socket: {
        open: (socket) => {
          sockets.push(socket);
          send(socket);
        },
        data,
        close: () => end(closed()),
      },
    }).catch(end);
  return promise;
}

const closed = () => new Error('the server closed a connection');

if (import.meta.main) speakWithParent('up', (order) => load(order as LoadOrder));
