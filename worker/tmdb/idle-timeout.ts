import { ownError } from './http.ts';

interface IdleTimeoutOptions {
  signal: AbortSignal;
  idleMs: number;
}

/**
 * Aborts a download when the network sends nothing for `idleMs`. The download as a whole may take any time.
 * Run each wait for the network through `wait`: the time between two waits does not count.
 */
export class IdleTimeout implements Disposable {
  readonly #options: IdleTimeoutOptions;
  readonly #controller = new AbortController();
  readonly #abort = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timedOut = false;

  constructor(options: IdleTimeoutOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#abort, { once: true });
    if (options.signal.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for something from the network. @throws {NexusError} our own, whatever it threw */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#abort();
    }, this.#options.idleMs);
    try {
      return await work();
    } catch (error) {
      const { signal, idleMs } = this.#options;
      throw ownError(error, { signal, timedOut: this.#timedOut, timeoutMs: idleMs });
    } finally {
      clearTimeout(this.#timer);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#abort);
    // If the caller stops reading early, the connection is closed.
    this.#abort();
  }
}
