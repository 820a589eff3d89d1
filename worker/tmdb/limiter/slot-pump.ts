import type { Pacer } from './pacer.ts';
import type { RatePlan } from './rate-plan.ts';
import type { SlotWindow } from './slot-window.ts';
import type { Waiter, WaitingLine } from './waiting-line.ts';

interface SlotPumpOptions {
  plan: RatePlan;
  line: WaitingLine;
  window: SlotWindow;
  openPacer: (events: { onTurn: () => void; onBroken: (error: Error) => void }) => Pacer;
  /** How many of those who wait could start now. */
  idleConnections: () => number;
  grant: (waiter: Waiter) => void;
  giveUp: (error: unknown) => void;
}

/** Brings turns (the pacer's), the exact account (the window) and those who wait together. */
export class SlotPump {
  readonly #options: SlotPumpOptions;
  #pacer: Pacer | undefined;
  #brokenPacers = 0;
  /** Slots whose turn has come and which nobody has used yet. */
  #slots = 0;
  #running = false;
  #again = false;
  #closed = false;
  #wakeUp: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SlotPumpOptions) {
    this.#options = options;
  }

  /** To be called whenever somebody waits, or a connection is free again. */
  pump(): void {
    this.#again = true;
    if (this.#running || this.#closed) return;
    this.#running = true;
    this.#run()
      .catch(this.#options.giveUp)
      .finally(() => {
        this.#running = false;
        if (this.#again) this.pump();
      });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#wakeUp);
    this.#pacer?.close();
  }

  async #run(): Promise<void> {
    const { line, window, idleConnections } = this.#options;
    while (this.#again && !this.#closed) {
      this.#again = false;
      this.#bookTurns();
      const slots = Math.min(this.#slots, idleConnections(), line.length);
      if (slots <= 0) continue;
      const taken = await window.take({ slots, onDemand: line.onDemand, sync: line.sync });
      const granted = this.#grantAll(taken);
      this.#slots -= granted;
      if (granted > 0) this.#again = true;
      else this.#wakeUpIn(taken.waitMs);
    }
  }

  /** Enough turns for those who wait, but no more than a moment ahead: other processes want some too. */
  #bookTurns(): void {
    const { plan, line } = this.#options;
    const ahead = plan.turnsAhead * plan.slotsPerTurn;
    while (this.#slots + this.#booked() * plan.slotsPerTurn < Math.min(ahead, line.length)) {
      this.#pacer ??= this.#openPacer();
      this.#pacer.book();
    }
  }

  #booked(): number {
    return this.#pacer?.booked ?? 0;
  }

  #grantAll(taken: { onDemand: number; sync: number }): number {
    if (taken.onDemand + taken.sync === 0) return 0;
    const onDemand = this.#grant('onDemand', taken.onDemand);
    const sync = this.#grant('sync', taken.sync);
    // Somebody may have left the line while the window was asked.
    this.#options.window.settle({ onDemand: taken.onDemand - onDemand, sync: taken.sync - sync });
    return onDemand + sync;
  }

  #grant(kind: 'onDemand' | 'sync', count: number): number {
    for (let granted = 0; granted < count; granted++) {
      const waiter = this.#options.line.next(kind);
      if (waiter === undefined) return granted;
      this.#brokenPacers = 0;
      this.#options.grant(waiter);
    }
    return count;
  }

  #wakeUpIn(waitMs: number): void {
    clearTimeout(this.#wakeUp);
    this.#wakeUp = setTimeout(() => this.pump(), Math.max(1, Math.ceil(waitMs)));
  }

  #openPacer(): Pacer {
    return this.#options.openPacer({
      onTurn: () => {
        this.#slots += this.#options.plan.slotsPerTurn;
        this.pump();
      },
      onBroken: (error) => this.#replacePacer(error),
    });
  }

  /** FLUSHALL or a restarted Redis breaks a live Bottleneck: the next one comes up by itself. */
  #replacePacer(error: Error): void {
    this.#pacer = undefined;
    this.#brokenPacers += 1;
    if (this.#brokenPacers > 1) this.#options.giveUp(error);
    else this.pump();
  }
}
