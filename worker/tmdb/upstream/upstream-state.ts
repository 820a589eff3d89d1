import type { CircuitState } from '#shared/upstream/upstream.ts';
import { longPauseMs } from './upstream-backoff.ts';
import { upstreamError } from './upstream-error.ts';
import type { UpstreamSnapshot } from './upstream-row.ts';

/** What a call told us of TMDb. Single answers that are wrong or not there say nothing bad about it. */
export type CallOutcome =
  | { kind: 'success' }
  | { kind: 'trouble'; what: string }
  | { kind: 'rate-limited'; retryAfterMs?: number | undefined }
  | { kind: 'key-rejected'; reason: string };

/** What this process knows of TMDb's state. Times are the process's own monotonic clock. */
export class UpstreamState {
  circuit: CircuitState = 'closed';
  reason: string | null = null;
  retryAt = 0;
  #openedAt = 0;
  #pausedUntil = 0;

  /** @returns whether the circuit is another now. */
  become(circuit: CircuitState, reason: string | null, retryInMs: number): boolean {
    const now = performance.now();
    const changed = circuit !== this.circuit;
    if (changed) this.#openedAt = now;
    this.circuit = circuit;
    this.reason = reason;
    this.retryAt = now + retryInMs;
    return changed;
  }

  adopt(row: UpstreamSnapshot): boolean {
    const changed = this.become(row.circuit, row.reason, Math.max(0, row.retryInMs));
    this.#pausedUntil = performance.now() + row.pausedForMs;
    this.#openedAt = performance.now() - row.openForMs;
    return changed;
  }

  openForMs(): number {
    return performance.now() - this.#openedAt;
  }

  retryInMs(): number {
    return Math.max(0, this.retryAt - performance.now());
  }

  pausedForMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Calls are held back for so long that somebody should look whether they have to be. */
  isPausedForLong(): boolean {
    return this.circuit === 'closed' && this.pausedForMs() > longPauseMs;
  }

  pauseFor(ms: number): void {
    this.#pausedUntil = performance.now() + ms;
  }

  /** @throws {NexusError} saying why no call goes out, and when to come again */
  refuseUnlessClosed(random: () => number): void {
    if (this.circuit === 'closed') return;
    // Spread, so that not everybody comes back in the same moment.
    const retryAfterMs = this.retryInMs() + 200 + random() * 800;
    const code = this.circuit === 'stopped' ? 'upstream_key_rejected' : 'upstream_unavailable';
    throw upstreamError(code, { what: this.reason ?? 'the circuit is open', retryAfterMs });
  }
}
