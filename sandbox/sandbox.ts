import type { Catalogue } from './catalogue.ts';
import type { FaultRule } from './faults.ts';
import type { OverlayControl } from './overlay.ts';
import type { LoggedRequest, SandboxStats } from './request-log.ts';

/** A running TMDb stand-in, and what programs beside it may do to it. */
export interface Sandbox extends OverlayControl {
  readonly url: string;
  readonly exportUrl: string;
  readonly imageUrl: string;
  readonly port: number;
  readonly identity: string;
  /** The movies as they are served, for expectations. */
  readonly catalogue: Catalogue;
  stats(): SandboxStats;
  resetStats(): void;
  requests(): LoggedRequest[];
  /** Replaces the rules in force; an empty list ends all misbehaviour. */
  misbehave(rules: readonly FaultRule[]): void;
  limit(maxRps: number | null): void;
  stop(): Promise<void>;
}
