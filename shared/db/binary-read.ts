import pg from 'pg';
import { serialize } from 'pg-protocol';
import { Parser } from 'pg-protocol/dist/parser.js';
import { binaryFields, type ReadField } from './binary-fields.ts';
import type { Statement } from './sql.ts';

interface Column {
  name: string;
  read: ReadField;
}

interface ReadStream {
  on(event: 'data', listener: (received: Buffer) => void): void;
}

interface Message {
  name: string;
  length: number;
}

/** A parser of `pg`, with what it hides. */
interface MessageParser {
  parse(received: Buffer, take: (message: Message) => void): void;
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message;
}

/** What `pg` has below a client, as far as a read needs it. */
export interface ReadConnection {
  stream: { readonly writable?: boolean; write(bytes: Uint8Array): unknown };
  attachListeners(stream: ReadStream): void;
  emit(event: string, message: Message): boolean;
  /** The texts of the statements that it has prepared, by name. */
  parsedStatements: Record<string, string | undefined>;
  /** The read whose rows it receives. */
  reading?: BinaryRead | undefined;
  /** The columns of the statements that it has prepared, by name. */
  readColumns?: Map<string, readonly Column[]>;
}

export type ReadCallback = (error: unknown, rows?: unknown[]) => void;

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;
const run = Buffer.concat([serialize.execute(), serialize.sync()]);
const describeAndRun = Buffer.concat([serialize.describe({ type: 'P' }), run]);

/**
 * A statement as `pg` runs it (`pool.query`), whose rows come in binary, as `binaryFields` reads them. Other types fail the
 * statement. `pg` itself makes a text of each field, which no binary field
 * survives, and spends more on each statement than PostgreSQL does: five messages to write and to be answered, where a
 * prepared statement is told in one, and has columns that are known.
 */
export class BinaryRead {
  readonly name: string;
  readonly text: string;
  readonly query_timeout: number;
  /** Of `pg`. */
  callback: ReadCallback | undefined;
  readonly #values: unknown[];
  readonly #rows: unknown[] = [];
  #columns: readonly Column[] | undefined;
  #refusal: Error | undefined;

  constructor({ name = '', text, values }: Statement, timeoutMs: number) {
    this.name = name;
    this.text = text;
    this.query_timeout = timeoutMs;
    this.#values = values as unknown[];
  }

  submit(connection: ReadConnection): Error | null {
    const { name, text } = this;
    const isPrepared = name !== '' && connection.parsedStatements[name] === text;
    this.#columns = isPrepared ? connection.readColumns?.get(name) : undefined;
    try {
      const bound = serialize.bind({
        statement: name,
        values: this.#values,
        binary: true,
        valueMapper: prepareValue,
      });
      const messages =
        this.#columns === undefined
          ? [...(isPrepared ? [] : [serialize.parse({ name, text })]), bound, describeAndRun]
          : [bound, run];
      connection.reading = this;
      // What is broken says so by itself.
      if (connection.stream.writable !== false) connection.stream.write(Buffer.concat(messages));
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  /** @param at where its fields begin. @throws {Error} for what is no row of this statement: the connection breaks */
  readRow(bytes: Buffer, at: number): void {
    if (this.#refusal !== undefined) return;
    const columns = this.#columns;
    if (columns?.length !== bytes.readInt16BE(at)) throw new Error('a row of other columns');
    const row: Record<string, unknown> = {};
    let next = at + 2;
    for (const { name, read } of columns) {
      const length = bytes.readInt32BE(next);
      row[name] = length < 0 ? null : read(bytes, next + 4, length);
      next += 4 + Math.max(0, length);
    }
    this.#rows.push(row);
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    const odd = fields.find(({ dataTypeID }) => !binaryFields.has(dataTypeID));
    if (odd !== undefined)
      this.#refusal = new Error(`a column of type ${odd.dataTypeID} is not read in binary`);
    this.#columns = fields.map(({ name, dataTypeID }) => ({
      name,
      read: binaryFields.get(dataTypeID) as ReadField,
    }));
  }

  handleReadyForQuery(connection: ReadConnection): void {
    const { name } = this;
    connection.reading = undefined;
    if (name !== '' && this.#columns !== undefined && this.#refusal === undefined) {
      connection.readColumns ??= new Map();
      connection.readColumns.set(name, this.#columns);
    }
    if (this.#refusal === undefined) this.callback?.(null, this.#rows);
    else this.callback?.(this.#refusal);
  }

  handleError(error: unknown, connection: ReadConnection): void {
    if (connection.reading === this) connection.reading = undefined;
    this.callback?.(error);
  }
}

const [bindComplete, dataRow, commandComplete] = ['2', 'D', 'C'].map((code) => code.charCodeAt(0));

/** Makes a connection give the rows of a `BinaryRead` to it. All that is news to a client is left to the parser of `pg`. */
export function giveRowsToReads(connection: ReadConnection): void {
  connection.attachListeners = (stream) => {
    const parser = new Parser() as unknown as MessageParser;
    const handleAny = parser.handlePacket.bind(parser);
    const noNews: Message = { name: '', length: 0 };
    parser.handlePacket = (offset, code, length, bytes) => {
      const { reading } = connection;
      if (reading === undefined) return handleAny(offset, code, length, bytes);
      if (code === dataRow) reading.readRow(bytes, offset);
      else if (code !== bindComplete && code !== commandComplete)
        return handleAny(offset, code, length, bytes);
      return noNews;
    };
    const tell = (message: Message) => {
      if (message !== noNews)
        connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
    };
    stream.on('data', (received) => parser.parse(received, tell));
  };
}
