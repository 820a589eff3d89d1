const headEnd = Buffer.from('\r\n\r\n');

export interface Answered {
  status: number;
  /** Whether the server closes the connection with it. */
  isLast: boolean;
}

/** Finds the end of each answer in what a connection receives, with as little work as can be. */
export class AnswerReader {
  /** Bytes of the body that have yet to come; -1 while it is the head that is waited for. */
  private missing = -1;
  private head: Buffer | undefined;
  private answered: Answered = { status: 0, isLast: false };

  /** @returns the answer that is whole with this; one at a time is under way */
  read(received: Buffer): Answered | undefined {
    if (this.missing < 0) {
      const head: Buffer = this.head === undefined ? received : Buffer.concat([this.head, received]);
      const at = head.indexOf(headEnd);
      this.head = at < 0 ? Buffer.from(head) : undefined;
      if (at < 0) return undefined;
      const text = head.toString('latin1', 0, at);
      const length = /content-length: *(\d+)/i.exec(text)?.[1];
      if (length === undefined) throw new Error(`an answer without a length: ${text}`);
      this.answered = { status: Number(text.slice(9, 12)), isLast: /\nconnection: *close/i.test(text) };
      this.missing = Number(length) - (head.length - at - headEnd.length);
    } else this.missing -= received.length;
    if (this.missing > 0) return undefined;
    this.missing = -1;
    return this.answered;
  }
}
