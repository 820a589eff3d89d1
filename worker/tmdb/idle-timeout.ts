import { ownError } from './http.ts';

interface IdleTimeoutOptions {
  signal: AbortSignal;
  idleMs: number;
}

/**
 * Runs `work` with a signal that fires when nothing moved for `idleMs`: for downloads that take as long as they
 * take. Call `waiting()` before, and `moved()` after each wait for the network; between them time does not count.
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
    // Whoever stops reading early lets the connection go.
    this.#abort();
  }
}
