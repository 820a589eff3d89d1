export interface Waiter {
  readonly onDemand: boolean;
  readonly since: number;
  grant(): void;
  fail(error: Error): void;
}

/** Who waits for a slot: two lines, first come first served in each. Leaving the line costs nobody a slot. */
export class WaitingLine {
  readonly #lines = { onDemand: new Set<Waiter>(), sync: new Set<Waiter>() };

  get length(): number {
    return this.onDemand + this.sync;
  }

  get onDemand(): number {
    return this.#lines.onDemand.size;
  }

  get sync(): number {
    return this.#lines.sync.size;
  }

  add(waiter: Waiter): void {
    this.#lineOf(waiter).add(waiter);
  }

  leave(waiter: Waiter): void {
    this.#lineOf(waiter).delete(waiter);
  }

  next(line: 'onDemand' | 'sync'): Waiter | undefined {
    for (const waiter of this.#lines[line]) {
      this.#lines[line].delete(waiter);
      return waiter;
    }
    return undefined;
  }

  failAll(error: Error): void {
    const waiters = [...this.#lines.onDemand, ...this.#lines.sync];
    this.#lines.onDemand.clear();
    this.#lines.sync.clear();
    for (const waiter of waiters) waiter.fail(error);
  }

  #lineOf(waiter: Waiter): Set<Waiter> {
    return waiter.onDemand ? this.#lines.onDemand : this.#lines.sync;
  }
}
