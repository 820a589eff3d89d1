import type { SharedWork } from './shared-work.ts';
import type { CallOutcome, UpstreamState } from './upstream-state.ts';

export type Probe = (signal: AbortSignal) => Promise<CallOutcome>;

interface ProbingOptions {
  state: UpstreamState;
  shared: SharedWork;
  /** How long to wait after a probe that failed. */
  delayMs: () => number;
  /** The same after a look into a long pause, given how many there were. */
  pauseLookDelayMs: (looks: number) => number;
  recover: () => void;
  endPause: () => void;
  report: (outcome: CallOutcome) => void;
}

/** While one process probes, the others leave it alone for so long. */
const leaseMs = 15_000;

/**
 * Asks now and then whether TMDb is back, one process at a time, for as long as the circuit is not closed; and, much
 * more seldom, whether a long pause has to last.
 */
export class UpstreamProbing {
  readonly #options: ProbingOptions;
  readonly #stopping = new AbortController();
  #probe: Probe | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #looks = 0;

  constructor(options: ProbingOptions) {
    this.#options = options;
  }

  start(probe: Probe): void {
    this.#probe = probe;
    this.plan();
  }

  /** One probe now, whatever the circuit says. @returns `undefined` for none, or none in time */
  async ask(withinMs: number): Promise<CallOutcome | undefined> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(withinMs)]);
    return this.#probe?.(signal).catch(() => undefined);
  }

  get canAsk(): boolean {
    return this.#probe !== undefined;
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  /** To be called whenever the state changed: the next probe is when it says. */
  plan(): void {
    clearTimeout(this.#timer);
    const { state } = this.#options;
    const isOpen = state.circuit === 'closed' && !state.isPausedForLong();
    if (isOpen) this.#looks = 0;
    const idle = isOpen || this.#probe === undefined || this.#busy;
    if (idle || this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => this.#run(), state.retryInMs() + 10);
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      await this.#probeIfOurs();
    } finally {
      this.#busy = false;
      this.plan();
    }
  }

  async #probeIfOurs(): Promise<void> {
    const { shared, recover, report, state, delayMs } = this.#options;
    const { signal } = this.#stopping;
    const isPause = state.isPausedForLong();
    const ours = await shared.run((row) => row.claimProbe(leaseMs));
    // Without its database (`undefined`) a process can agree with nobody, and asks for itself.
    if (ours === false) return shared.change(async () => {});
    const outcome = await this.#probe?.(signal);
    if (outcome === undefined || signal.aborted) return;
    if (isPause) return this.#lookedIntoPause(outcome);
    if (outcome.kind === 'success' || outcome.kind === 'rate-limited') recover();
    if (outcome.kind !== 'trouble') report(outcome);
    if (state.circuit === 'closed') return;
    const waitMs = delayMs();
    state.become(state.circuit, state.reason, waitMs);
    await shared.change((row) => row.retryIn(waitMs));
  }

  /** A call that is slowed down again has said itself for how long. */
  async #lookedIntoPause(outcome: CallOutcome): Promise<void> {
    const { shared, endPause, pauseLookDelayMs, state } = this.#options;
    this.#looks += 1;
    if (outcome.kind === 'success') return endPause();
    const waitMs = pauseLookDelayMs(this.#looks);
    state.retryAt = performance.now() + waitMs;
    await shared.change((row) => row.retryIn(waitMs));
  }
}
