import pLimit from 'p-limit';
import type { Log } from '#shared/log.ts';
import type { UpstreamRow, UpstreamSnapshot } from './upstream-row.ts';

/** What touches the row goes one after the other, so that no reading undoes a change still on its way. */
export class SharedWork {
  readonly #row: UpstreamRow;
  readonly #log: Log;
  readonly #adopt: (row: UpstreamSnapshot) => void;
  readonly #lane = pLimit(1);
  #changes = 0;

  constructor(row: UpstreamRow, log: Log, adopt: (row: UpstreamSnapshot) => void) {
    this.#row = row;
    this.#log = log;
    this.#adopt = adopt;
  }

  /** Changes the row, then takes over what it says: another process may have been first. Never fails. */
  async change(work: (row: UpstreamRow) => Promise<void>): Promise<void> {
    const ours = ++this.#changes;
    await this.run(async (row) => {
      await work(row);
      const now = await row.read();
      // A change that waits behind this one is newer than what was just read.
      if (now !== undefined && ours === this.#changes) this.#adopt(now);
    });
  }

  /** @returns `undefined` where the database is away: no call may fail because of that. */
  async run<T>(work: (row: UpstreamRow) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#lane(() => work(this.#row));
    } catch (error) {
      this.#log.warn({ err: error }, 'the state of TMDb could not be shared with other processes');
      return undefined;
    }
  }

  async settled(): Promise<void> {
    await this.#lane(() => {});
  }
}
