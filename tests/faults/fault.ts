import type { Installation, Topology } from './installation.ts';

export interface Fault {
  /** As the table has it. */
  name: string;
  topologies: readonly Topology[];
  /** What has to be so before; not measured. */
  prepare?(on: Installation): Promise<unknown> | unknown;
  /** How long it lasts before `heal`. */
  lastsMs: number;
  inject(on: Installation): Promise<unknown> | unknown;
  /** What ends it, or what a supervisor does: nothing that would need a person. */
  heal(on: Installation): Promise<unknown> | unknown;
  /** Whether the short form of the suite has it, on these topologies. */
  short?: readonly Topology[];
}

/** What was measured of one injection. */
export interface FaultResult {
  fault: string;
  topology: Topology;
  writes: number;
  reads: number;
  lost: number;
  readOutageMs: number;
  writeOutageMs: number;
  /** From the end of the fault until everything works. */
  recoveryMs: number;
  /** Why it did not pass. */
  faults: string[];
}
