interface WriteBehindOptions<Item> {
  write: (batch: Item[]) => Promise<void>;
  /** The most that one write takes. */
  batchSize: number;
  /** How long a write waits for more items than have come. */
  gatherMs: number;
  /** So many may wait before `room` makes whoever brings them wait. */
  maxWaiting: number;
}

/** Writes in batches what others bring; while one write runs, the next batch gathers. */
export class WriteBehind<Item> {
  private readonly options: WriteBehindOptions<Item>;
  private waiting: Item[] = [];
  private writing: Promise<void> | undefined;
  /** Ends the wait for more items. */
  private writeNow = () => {};
  /** Resolves when the next batch is taken out of what waits. */
  private taken = Promise.withResolvers<void>();
  private isLast = false;
  private failure: { error: unknown } | undefined;

  constructor(options: WriteBehindOptions<Item>) {
    this.options = options;
  }

  add(item: Item): void {
    this.waiting.push(item);
    // After a failure nothing more is written. The next `room` or `flush` throws it.
    if (this.failure === undefined) this.writing ??= this.drain();
    if (this.waiting.length >= this.options.batchSize) this.writeNow();
  }

  /**
   * Resolves when there is room for one more item: not only when nothing waits any more, or the last ones would wait for
   * others that do not come. @throws what a write failed with
   */
  async room(): Promise<void> {
    while (this.waiting.length >= this.options.maxWaiting && this.failure === undefined)
      await this.taken.promise;
    this.throwFailure();
  }

  /** Resolves when everything added is written, and nothing more will be. @throws what a write failed with */
  async flush(): Promise<void> {
    this.isLast = true;
    this.writeNow();
    while (this.writing !== undefined) await this.writing;
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  private async drain(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        await this.gather();
        await this.options.write(this.take());
      }
    } catch (error) {
      this.failure = { error };
      this.taken.resolve();
    } finally {
      this.writing = undefined;
    }
  }

  private take(): Item[] {
    const batch = this.waiting.splice(0, this.options.batchSize);
    this.taken.resolve();
    this.taken = Promise.withResolvers();
    return batch;
  }

  private async gather(): Promise<void> {
    if (this.isLast || this.waiting.length >= this.options.batchSize) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.options.gatherMs);
    this.writeNow = resolve;
    await promise;
    clearTimeout(timer);
  }
}
