import pg from 'pg';
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
  fields?: unknown[];
}

interface Column {
  dataTypeID: number;
  format: string;
}

/** A parser of `pg`, with what it hides. */
interface MessageParser {
  parse(received: Buffer, take: (message: Message) => void): void;
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message;
}

/** What a field is, from the byte `at` on. What was received is used again, so that nothing may stay a part of it. */
type ReadField = (bytes: Buffer, at: number, length: number) => unknown;

/** When the clock of PostgreSQL began: 2000. */
const beginningMs = 946_684_800_000;

const { INT4, TEXT, TIMESTAMPTZ, VARBIT } = pg.types.builtins;
const readers = new Map<number, ReadField>([
  [INT4, (bytes, at) => bytes.readInt32BE(at)],
  [TEXT, (bytes, at, length) => Buffer.from(bytes.subarray(at, at + length))],
  // How many bits there are comes first.
  [VARBIT, (bytes, at, length) => Buffer.from(bytes.subarray(at + 4, at + length))],
  // Microseconds: as a number they are exact until 2285.
  [
    TIMESTAMPTZ,
    (bytes, at) =>
      Math.floor((bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)) / 1000) + beginningMs,
  ],
]);

const asRead = (field: unknown) => field;
const refuse = (type: number) => () => {
  throw new Error(`a column of type ${type} is not read in binary`);
};

/**
 * For a statement whose rows come in binary: a text as its bytes, bits likewise (the first is the highest of its byte),
 * a time in epoch milliseconds, an integer. Other types are refused: with a field, which fails the statement. Here it would fail the process.
 */
export const binaryTypes: pg.CustomTypesConfig = {
  getTypeParser: (type: number) => (readers.has(type) ? asRead : refuse(type)),
};

const dataRow = 'D'.charCodeAt(0);
const unread: ReadField = () => '';

/**
 * Makes a connection read rows in binary for `binaryTypes`. `pg` itself makes a text of each field, which no binary field
 * survives, and which for a long text takes longer than all else that is done to it. All other messages are left to it.
 */
export function readBinaryFields(connection: ReadingConnection): void {
  connection.attachListeners = (stream) => {
    const parser = new Parser() as unknown as MessageParser;
    const handleAny = parser.handlePacket.bind(parser);
    let columns: ReadField[] | undefined;
    parser.handlePacket = (offset, code, length, bytes) => {
      if (code === dataRow && columns !== undefined)
        return { name: 'dataRow', length, fields: fieldsOf(columns, bytes, offset + 2) };
      const message = handleAny(offset, code, length, bytes);
      if (message.name === 'rowDescription') columns = readersOf(message.fields as Column[]);
      return message;
    };
    const tell = (message: Message) =>
      void connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
    stream.on('data', (received) => parser.parse(received, tell));
  };
}

/** `undefined` for columns that come as text. */
function readersOf(columns: Column[]): ReadField[] | undefined {
  if (columns[0]?.format !== 'binary') return undefined;
  // They are read here: `pg` would copy each once more.
  for (const column of columns) column.format = 'text';
  return columns.map(({ dataTypeID }) => readers.get(dataTypeID) ?? unread);
}

function fieldsOf(columns: readonly ReadField[], bytes: Buffer, start: number): unknown[] {
  let at = start;
  return columns.map((read) => {
    const length = bytes.readInt32BE(at);
    const from = at + 4;
    at = from + Math.max(0, length);
    return length < 0 ? null : read(bytes, from, length);
  });
}
