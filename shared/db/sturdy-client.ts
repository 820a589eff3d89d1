import pg from 'pg';
import { giveRowsToReads, type ReadConnection } from './binary-read.ts';

/**
 * A connection of which nothing ends the process: neither an error that nobody listens to, whenever it comes, nor an
 * answer that is no PostgreSQL's. Who waits is told by their statement.
 */
export class SturdyClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super(config);
    this.on('error', ignore);
    const { connection } = this as unknown as { connection: WireConnection };
    // Until it connects `pg` listens to no error of its socket.
    connection.stream.on('error', ignore);
    giveRowsToReads(connection);
    const attach = connection.attachListeners.bind(connection);
    connection.attachListeners = (stream) => attach(breakingAtNonsense(stream));
  }
}

const ignore = () => {};

/**
 * What `pg` throws while it reads would be thrown at nobody: the connection breaks instead. It gets whole messages only,
 * in memory that is not used again: what it puts together itself it overwrites later.
 */
function breakingAtNonsense(stream: WireStream): WireStream {
  const wholeMessages = createMessages();
  return {
    on: (event, listener) =>
      stream.on(event, (chunk) => {
        try {
          const received = event === 'data' ? wholeMessages(chunk) : chunk;
          if (received !== undefined) listener(received);
        } catch (cause) {
          stream.destroy(new Error('Connection terminated: the answer is no PostgreSQL’s', { cause }));
        }
      }),
    destroy: (error) => stream.destroy(error),
  };
}

const headLength = 5;
/** Errors and notices: fields that each end with a zero byte, and one more at the end. */
const typesWithFields = new Set([0x45, 0x4e]);

/**
 * Follows where messages begin and end: `pg` would look for the end of fields that have none for ever.
 * @returns takes what came, and gives the messages that are whole with it. @throws {Error} at such a message
 */
function createMessages(): (chunk: Buffer) => Buffer | undefined {
  let pieces: Buffer[] = [];
  let headLeft = headLength;
  let type = 0;
  let left = 0;
  let tail: number[] = [];
  const endOfMessage = () => {
    if (typesWithFields.has(type) && tail.join() !== '0,0') throw new Error('fields without an end');
    headLeft = headLength;
    tail = [];
  };
  return (chunk) => {
    let whole = 0;
    for (let at = 0; at < chunk.length; ) {
      if (headLeft > 0) {
        const byte = chunk[at++] ?? 0;
        if (headLeft === headLength) {
          type = byte;
          left = 0;
        } else left = left * 256 + byte;
        if (--headLeft > 0) continue;
        left -= headLength - 1;
        if (left < 0) throw new Error('a message that is shorter than its head');
      } else {
        const end = Math.min(at + left, chunk.length);
        if (typesWithFields.has(type))
          tail = [...tail, ...chunk.subarray(Math.max(at, end - 2), end)].slice(-2);
        left -= end - at;
        at = end;
      }
      if (left > 0) continue;
      endOfMessage();
      whole = at;
    }
    if (whole === chunk.length && pieces.length === 0) return chunk;
    const messages = whole === 0 ? undefined : Buffer.concat([...pieces, chunk.subarray(0, whole)]);
    if (messages !== undefined) pieces = [];
    if (whole < chunk.length) pieces.push(chunk.subarray(whole));
    return messages;
  };
}

interface WireStream {
  on(event: string, listener: (chunk: Buffer) => void): unknown;
  destroy(error: Error): unknown;
}

/** What `pg` has below a client. */
interface WireConnection extends ReadConnection {
  stream: ReadConnection['stream'] & WireStream;
  attachListeners(stream: WireStream): void;
}
