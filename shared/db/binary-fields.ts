import { Parser } from 'pg-protocol/dist/parser.js';

/** What `pg` has below a client, as far as it reads. */
export interface ReadingConnection {
  attachListeners(stream: ReadingStream): void;
  emit(event: string, message: Message): boolean;
}

interface ReadingStream {
  on(event: 'data', listener: (received: Buffer) => void): void;
}

interface Message {
  name: string;
  length: number;
  fields?: readonly ({ format?: string } | Buffer | null)[];
}

/** A parser of `pg`, with what it hides. */
interface MessageParser {
  parse(received: Buffer, take: (message: Message) => void): void;
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message;
}

const dataRow = 'D'.charCodeAt(0);

/**
 * Gives fields that come in binary to the parsers of their types as the bytes they are: `pg` itself makes text of each
 * field, which no binary field survives, and which for a long text takes longer than all else that is done to it.
 * All other messages are read as ever.
 */
export function readBinaryFields(connection: ReadingConnection): void {
  connection.attachListeners = (stream) => {
    const parser = new Parser() as unknown as MessageParser;
    const handleAny = parser.handlePacket.bind(parser);
    let isBinary = false;
    parser.handlePacket = (offset, code, length, bytes) => {
      if (code === dataRow && isBinary) return { name: 'dataRow', length, fields: fieldsAt(bytes, offset) };
      const message = handleAny(offset, code, length, bytes);
      if (message.name === 'rowDescription') isBinary = message.fields?.some(isInBinary) ?? false;
      return message;
    };
    const tell = (message: Message) =>
      void connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
    stream.on('data', (received) => parser.parse(received, tell));
  };
}

const isInBinary = (field: { format?: string } | Buffer | null): boolean =>
  field !== null && 'format' in field && field.format === 'binary';

/** Parts of what was received: it is used again, so `pg` copies each before it has it parsed. */
function fieldsAt(bytes: Buffer, offset: number): (Buffer | null)[] {
  let at = offset + 2;
  return Array.from({ length: bytes.readInt16BE(offset) }, () => {
    const length = bytes.readInt32BE(at);
    at += 4 + Math.max(0, length);
    return length < 0 ? null : bytes.subarray(at - length, at);
  });
}
