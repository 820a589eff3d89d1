import type { Readable } from 'node:stream';

const newline = 0x0a;
/** No line that is read whole is nearly as long: rows are passed on in pieces. */
const longestLine = 1024 * 1024;

/** Reads a stream line by line, with no more than a chunk in memory. */
export class LineReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #stream: Readable;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next line without its end; `undefined` where there is none. @throws where it does not end */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(newline);
      if (end !== -1) {
        const line = this.#rest.subarray(0, end).toString();
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > longestLine) throw new Error('it is no backup');
      if (!(await this.#more())) return undefined;
    }
  }

  /** Whole lines, as they are, up to one that is `last`. @throws where there is no such line */
  async *until(last: string): AsyncGenerator<Buffer> {
    const mark = Buffer.from(`\n${last}\n`);
    const first = Buffer.from(`${last}\n`);
    let isBeginning = true;
    for (;;) {
      if (isBeginning && this.#rest.subarray(0, first.length).equals(first)) {
        this.#rest = this.#rest.subarray(first.length);
        return;
      }
      const at = this.#rest.indexOf(mark);
      if (at !== -1) {
        const rows = this.#rest.subarray(0, at + 1);
        this.#rest = this.#rest.subarray(at + mark.length);
        yield rows;
        return;
      }
      // What may be the beginning of the mark is kept.
      const safe = this.#rest.length - mark.length;
      if (safe > 0) {
        isBeginning = false;
        yield this.#rest.subarray(0, safe);
        this.#rest = this.#rest.subarray(safe);
      }
      if (!(await this.#more())) throw new Error('it ends too early');
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}
