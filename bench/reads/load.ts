import { speakWithParent } from '../child-program.ts';
import { percentile } from '../statistics.ts';
import { AnswerReader } from './answer-reader.ts';

/** The reader: plain HTTP/1.1 on kept connections, one request at a time on each, and as little work as can be. */
export interface LoadOrder {
  port: number;
  paths: readonly string[];
  /** Lines, each with its end. */
  headers?: string;
  connections: number;
  /** Between an answer and the next request of a connection. */
  restMs?: number;
  ms: number;
  /** On a busy machine it takes longer than `ms`, so that so many are answered: few say little. */
  leastRequests?: number;
  maxRequests: number;
}

export interface LoadResult {
  requests: number;
  ms: number;
  p50Ms: number;
  p99Ms: number;
}

interface Connection {
  sentAt: number;
  reader: AnswerReader;
}

/** Coprime to any number of paths in use: every path has its turn, no two neighbours in a row. */
const stride = 7919;

function load({ port, paths, headers = '', connections, restMs, ...order }: LoadOrder): Promise<LoadResult> {
  const { ms, leastRequests = 0, maxRequests } = order;
  const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
  const requests = paths.map((path) =>
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\n${headers}\r\n`),
  );
  const waits = new Float64Array(maxRequests);
  const sockets = new Set<Bun.Socket<Connection>>();
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
  const send = (socket: Bun.Socket<Connection>) => {
    if (ended) return;
    next = (next + stride) % requests.length;
    socket.data.sentAt = performance.now();
    socket.write(requests[next] ?? '');
  };
  const data = (socket: Bun.Socket<Connection>, received: Buffer) => {
    const answer = socket.data.reader.read(received);
    if (answer === undefined || ended) return;
    if (answer.status !== 200) return end(new Error(`answered ${answer.status}`));
    const now = performance.now();
    waits[done++] = now - socket.data.sentAt;
    if (done >= maxRequests || (now - startedAt >= ms && done >= leastRequests)) return end();
    if (!answer.isLast) return restMs === undefined ? send(socket) : void setTimeout(send, restMs, socket);
    sockets.delete(socket);
    connect();
  };
  const connect = () =>
    void Bun.connect<Connection>({
      hostname: '127.0.0.1',
      port,
      data: { sentAt: 0, reader: new AnswerReader() },
      socket: {
        open: (socket) => {
          sockets.add(socket);
          send(socket);
        },
        data,
        close: (socket) => {
          if (sockets.has(socket)) end(new Error('the server closed a connection'));
        },
      },
    }).catch(end);
  for (let n = 0; n < connections; n++) connect();
  return promise;
}

if (import.meta.main) speakWithParent('up', (order) => load(order as LoadOrder));
