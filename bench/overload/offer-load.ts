import { speakWithParent } from '../child-program.ts';
import { AnswerReader } from '../reads/answer-reader.ts';
import { percentile } from '../statistics.ts';

/** Either connections that are opened, asked once, and then held without a word; or requests at a fixed rate. */
export type OfferOrder =
  | { type: 'hold'; port: number; path: string; connections: number }
  | { type: 'release' }
  | { type: 'offer'; port: number; paths: readonly string[]; perSecond: number; ms: number; most: number };

export interface Offered {
  /** How many were sent, whether anything was free for them or a connection had to be opened. */
  sent: number;
  /** All connections were waiting, and no more were allowed: the caller's own queue. */
  heldBack: number;
  /** Within the time of the offer, by their status. */
  answers: Record<string, number>;
  /** How often a connection ended without an answer. */
  lost: number;
  /** Until the last answer to what was sent, after the end of the offer. */
  drainedMs: number;
  p50Ms: number;
  p99Ms: number;
}

interface Connection {
  sentAt: number;
  reader: AnswerReader;
}

const requestOf = (port: number, path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\n\r\n`;

const held: Bun.Socket<Connection>[] = [];
/** So many are opened at once: more would not fit into the queue of the system. */
const openAtOnce = 100;

async function hold({ port, path, connections }: Extract<OfferOrder, { type: 'hold' }>): Promise<number> {
  const openOne = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    void Bun.connect<Connection>({
      hostname: '127.0.0.1',
      port,
      data: { sentAt: 0, reader: new AnswerReader() },
      socket: {
        open: (socket) => void socket.write(requestOf(port, path)),
        data: (socket, received) => {
          if (socket.data.reader.read(received)?.status === 200) {
            held.push(socket);
            resolve();
          }
        },
        close: () => reject(new Error('the server closed a connection')),
      },
    }).catch(reject);
    return promise;
  };
  while (held.length < connections)
    await Promise.all(Array.from({ length: Math.min(openAtOnce, connections - held.length) }, openOne));
  return held.length;
}

function release(): void {
  for (const socket of held.splice(0)) socket.terminate();
}

const tickMs = 5;
const drainMs = 30_000;

async function offer(order: Extract<OfferOrder, { type: 'offer' }>): Promise<Offered> {
  const { port, paths, perSecond, ms, most } = order;
  const free: Bun.Socket<Connection>[] = [];
  const waits: number[] = [];
  const answers: Record<string, number> = {};
  const startedAt = performance.now();
  let [opened, waiting, sent, heldBack, lost, next] = [0, 0, 0, 0, 0, 0];
  let isOver = false;
  const send = (socket: Bun.Socket<Connection>) => {
    next = (next + 7919) % paths.length;
    socket.data.sentAt = performance.now();
    socket.write(requestOf(port, paths[next] ?? '/'));
  };
  const open = () =>
    void Bun.connect<Connection>({
      hostname: '127.0.0.1',
      port,
      data: { sentAt: 0, reader: new AnswerReader() },
      socket: {
        open: send,
        data: (socket, received) => {
          const answer = socket.data.reader.read(received);
          if (answer === undefined) return;
          waiting--;
          if (!isOver) {
            waits.push(performance.now() - socket.data.sentAt);
            answers[answer.status] = (answers[answer.status] ?? 0) + 1;
          }
          socket.data.sentAt = 0;
          if (answer.isLast) socket.end();
          else free.push(socket);
        },
        close: (socket) => {
          opened--;
          const place = free.indexOf(socket);
          if (place >= 0) free.splice(place, 1);
          if (socket.data.sentAt === 0) return;
          waiting--;
          lost++;
        },
      },
    }).catch(() => {
      opened--;
      waiting--;
      lost++;
    });
  for (let due = 0; performance.now() - startedAt < ms; await Bun.sleep(tickMs)) {
    const until = ((performance.now() - startedAt) * perSecond) / 1000;
    for (; due < until; due++) {
      const socket = free.pop();
      if (socket === undefined && opened >= most) {
        heldBack++;
        continue;
      }
      sent++;
      waiting++;
      if (socket !== undefined) send(socket);
      else {
        opened++;
        open();
      }
    }
  }
  isOver = true;
  const overAt = performance.now();
  while (waiting > 0 && performance.now() - overAt < drainMs) await Bun.sleep(10);
  const drainedMs = performance.now() - overAt;
  const lostInAll = lost + waiting;
  for (const socket of free) socket.terminate();
  const times = Float64Array.from(waits);
  const [p50Ms, p99Ms] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { sent, heldBack, answers, lost: lostInAll, drainedMs, p50Ms, p99Ms };
}

function obey(order: OfferOrder): unknown {
  if (order.type === 'hold') return hold(order);
  if (order.type === 'offer') return offer(order);
  release();
  return true;
}

if (import.meta.main) speakWithParent('up', (order) => obey(order as OfferOrder));
