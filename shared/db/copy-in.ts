/** What `pg` has below a client, as far as a COPY needs it. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

type CopyCallback = (error: unknown, result?: { command: string; rowCount: number; rows: unknown[] }) => void;

/** PostgreSQL reads a message whole. */
const chunkBytes = 65_536;

const copies = /^copy .* from stdin\b/i;

/** Whether a statement is a COPY whose only value is what it copies. */
export const isCopyIn = (text: unknown, values: unknown): values is [Uint8Array] =>
  Array.isArray(values) &&
  values.length === 1 &&
  values[0] instanceof Uint8Array &&
  copies.test(String(text));

/** A COPY into a table as `pg` runs a statement of its own. The driver has none. */
export class CopyIn {
  /** Of `pg`. */
  callback: CopyCallback | undefined;
  readonly done: Promise<unknown>;
  readonly #text: string;
  readonly #bytes: Uint8Array;
  #rowCount = 0;

  constructor(text: string, bytes: Uint8Array) {
    this.#text = text;
    this.#bytes = bytes;
    const { promise, resolve, reject } = Promise.withResolvers();
    this.done = promise;
    this.callback = (error, result) => (error ? reject(error) : resolve(result));
  }

  submit(connection: CopyConnection): null {
    connection.query(this.#text);
    return null;
  }

  handleCopyInResponse(connection: CopyConnection): void {
    for (let start = 0; start < this.#bytes.length; start += chunkBytes)
      connection.sendCopyFromChunk(this.#bytes.subarray(start, start + chunkBytes));
    connection.endCopyFrom();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#rowCount = Number(text.split(' ')[1]);
  }

  handleReadyForQuery(): void {
    this.callback?.(null, { command: 'COPY', rowCount: this.#rowCount, rows: [] });
  }

  handleError(error: unknown): void {
    this.callback?.(error);
  }
}
