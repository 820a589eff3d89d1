import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Log } from '#shared/log.ts';
import type { CircuitState } from '#shared/upstream/upstream.ts';
import { SharedWork } from './shared-work.ts';
import { keyProbeDelayMs, longPauseMs, pauseLookDelayMs, pauseMs, probeDelayMs } from './upstream-backoff.ts';
import { stoppedError, upstreamError } from './upstream-error.ts';
import { type Probe, UpstreamProbing } from './upstream-probing.ts';
import { upstreamRow } from './upstream-row.ts';
import { type CallOutcome, UpstreamState } from './upstream-state.ts';

export interface UpstreamStatusOptions {
  pool: Pool;
  log: Log;
  /** Troubles in a row, over all calls of this process, that open the circuit. */
  troublesToOpen?: number;
  /** How long a call waits for a pause to end before it fails. */
  maxPauseWaitMs?: number;
  /** How long until the next probe, given for how long the circuit has been open. */
  probeDelayMs?: (openForMs: number) => number;
  /** The same for a rejected key, given for how long it has been known. */
  keyProbeDelayMs?: (stoppedForMs: number) => number;
  /** How long until the next look into a long pause, given how many there were. */
  pauseLookDelayMs?: (looks: number) => number;
  random?: () => number;
}

/** How TMDb is doing, agreed on by all processes: the gate before each call, and what each call reports. */
export interface UpstreamStatus extends AsyncDisposable {
  readonly circuit: CircuitState;
  /** @throws {NexusError} `upstream_unavailable`, `upstream_rate_limited`, `upstream_key_rejected`, `shutting_down` */
  pass(signal: AbortSignal): Promise<void>;
  /** Whether `pass` would let a call through at once. */
  mayCall(): boolean;
  report(outcome: CallOutcome): void;
  /** TMDb did not answer a first question: a second one decides whether calls are suspended at once. */
  doubt(what: string): Promise<void>;
  /** Our key was accepted, or TMDb answers again: everybody may call. */
  recover(): void;
  /** Reads the row: to be called on a notice of kind `upstream`, and when notices may have been missed. */
  refresh(): Promise<void>;
  /** Gives the one harmless call that tells whether TMDb is back. */
  probeWith(probe: Probe): void;
}

const successNoteMs = 5000;
/** How long TMDb has to show that trouble is not its own. */
const doubtMs = 2000;

export async function openUpstreamStatus(options: UpstreamStatusOptions): Promise<UpstreamStatus> {
  const status = new SharedStatus(options);
  await status.refresh();
  return status;
}

class SharedStatus implements UpstreamStatus {
  readonly #log: Log;
  readonly #options: Required<Omit<UpstreamStatusOptions, 'pool' | 'log'>>;
  readonly #state = new UpstreamState();
  readonly #shared: SharedWork;
  readonly #probing: UpstreamProbing;
  #troubles = 0;
  #doubting = false;
  #pauses = 0;
  #successNotedAt = Number.NEGATIVE_INFINITY;

  constructor({ log, pool, ...options }: UpstreamStatusOptions) {
    this.#log = log;
    this.#options = {
      troublesToOpen: 5,
      maxPauseWaitMs: 15_000,
      probeDelayMs,
      keyProbeDelayMs,
      pauseLookDelayMs,
      random: Math.random,
      ...options,
    };
    this.#shared = new SharedWork(upstreamRow(pool), log, (row) => {
      if (this.#state.adopt(row)) this.#troubles = 0;
      this.#probing.plan();
    });
    const { probeDelayMs: delay, keyProbeDelayMs: keyDelay } = this.#options;
    this.#probing = new UpstreamProbing({
      state: this.#state,
      shared: this.#shared,
      delayMs: () => (this.#state.circuit === 'stopped' ? keyDelay : delay)(this.#state.openForMs()),
      pauseLookDelayMs: this.#options.pauseLookDelayMs,
      recover: () => this.recover(),
      endPause: () => this.#endPause(),
      report: (outcome) => this.report(outcome),
    });
  }

  get circuit(): CircuitState {
    return this.#state.circuit;
  }

  async pass(signal: AbortSignal): Promise<void> {
    const giveUpAt = performance.now() + this.#options.maxPauseWaitMs;
    for (;;) {
      this.#state.refuseUnlessClosed(this.#options.random);
      const waitMs = this.#state.pausedForMs();
      if (waitMs <= 0) return;
      if (performance.now() + waitMs > giveUpAt)
        throw upstreamError('upstream_rate_limited', { what: 'all calls are paused', retryAfterMs: waitMs });
      await sleep(waitMs, undefined, { signal }).catch(() => {
        throw stoppedError();
      });
    }
  }

  mayCall(): boolean {
    return this.circuit === 'closed' && this.#state.pausedForMs() === 0;
  }

  report(outcome: CallOutcome): void {
    if (outcome.kind === 'success') this.#succeeded();
    else if (outcome.kind === 'rate-limited') this.#pause(outcome.retryAfterMs);
    else if (outcome.kind === 'key-rejected') this.#stop(outcome.reason);
    else this.#trouble(outcome.what);
  }

  doubt(what: string): Promise<void> {
    return this.#openUnlessItAnswers(what);
  }

  recover(): void {
    if (this.circuit === 'closed') return;
    this.#become('closed', null, 0);
    void this.#shared.change(async (row) => {
      if (await row.close()) this.#log.info('TMDb answers again: calls go on');
    });
  }

  refresh(): Promise<void> {
    return this.#shared.change(async () => {});
  }

  probeWith(probe: Probe): void {
    this.#probing.start(probe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#probing.stop();
    await this.#shared.settled();
  }

  #succeeded(): void {
    this.#troubles = 0;
    this.#pauses = 0;
    const now = performance.now();
    if (now - this.#successNotedAt < successNoteMs) return;
    this.#successNotedAt = now;
    void this.#shared.run((row) => row.noteSuccess());
  }

  #trouble(what: string): void {
    this.#troubles += 1;
    if (this.circuit !== 'closed' || this.#troubles < this.#options.troublesToOpen) return;
    if (this.#probing.canAsk) void this.#openUnlessItAnswers(what);
    else this.#open(what);
  }

  /** A few ids that always fail look like an outage where nobody asks for others: one harmless call tells. */
  async #openUnlessItAnswers(what: string): Promise<void> {
    if (this.#doubting) return;
    this.#doubting = true;
    const outcome = await this.#probing.ask(doubtMs);
    this.#doubting = false;
    if (outcome === undefined || outcome.kind === 'trouble') {
      if (this.circuit === 'closed') this.#open(what);
      return;
    }
    this.#troubles = 0;
    if (outcome.kind !== 'success') this.report(outcome);
  }

  #open(what: string): void {
    const reason = `TMDb cannot be reached: ${what}`;
    const retryInMs = this.#options.probeDelayMs(0);
    this.#become('open', reason, retryInMs);
    this.#log.warn({ reason, retry_in_ms: retryInMs }, 'TMDb calls are suspended');
    void this.#shared.change((row) => row.open(reason, retryInMs));
  }

  /** Calls that were under way when the pause began come back with a 429 too: one pause, not many. */
  #pause(retryAfterMs: number | undefined): void {
    const pausedForMs = this.#state.pausedForMs();
    if (pausedForMs > 0 && retryAfterMs === undefined) return;
    const waitMs = retryAfterMs ?? pauseMs(this.#pauses, this.#options.random());
    if (waitMs <= pausedForMs) return;
    if (pausedForMs === 0) this.#pauses += 1;
    this.#state.pauseFor(waitMs);
    this.#log.warn({ pause_ms: Math.round(waitMs) }, 'TMDb asked us to slow down: all calls pause');
    const lookInMs = waitMs > longPauseMs ? this.#options.pauseLookDelayMs(0) : null;
    if (lookInMs !== null && this.circuit === 'closed') this.#state.retryAt = performance.now() + lookInMs;
    void this.#shared.change((row) => row.pause(waitMs, lookInMs));
    this.#probing.plan();
  }

  #endPause(): void {
    this.#state.pauseFor(0);
    this.#pauses = 0;
    this.#log.info('TMDb answers again: the pause ends early');
    void this.#shared.change((row) => row.endPause());
  }

  #stop(reason: string): void {
    if (this.circuit === 'stopped') return;
    const retryInMs = this.#options.keyProbeDelayMs(0);
    this.#become('stopped', reason, retryInMs);
    void this.#shared.change(async (row) => {
      // Only who changed the row says so: one loud line, however many workers there are.
      if (await row.stop(reason, retryInMs)) this.#log.error({ reason }, 'all TMDb work has stopped');
    });
  }

  #become(circuit: CircuitState, reason: string | null, retryInMs: number): void {
    if (this.#state.become(circuit, reason, retryInMs)) this.#troubles = 0;
    this.#probing.plan();
  }
}
