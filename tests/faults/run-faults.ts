import type { Fault, FaultResult } from './fault.ts';
import { injectFault } from './inject-fault.ts';
import { movies, openInstallation, type Topology } from './installation.ts';
import { startTraffic } from './traffic.ts';

/** Injects the faults one after the other into one installation, under traffic that never ends. */
export async function runFaults(
  topology: Topology,
  faults: readonly Fault[],
  onResult: (result: FaultResult) => Promise<void> | void = () => {},
): Promise<FaultResult[]> {
  await using on = await openInstallation(topology);
  await using traffic = await startTraffic(on);
  const admin = await on.account('admin');
  const results: FaultResult[] = [];
  let asked = 0;
  // From the end of the catalogue: nothing else names them.
  const unseen = () => on.sandbox.catalogue.idAt(movies - 200 - asked++);
  for (const fault of faults) {
    const result = await injectFault(on, fault, { traffic, admin, unseen }).catch(
      (error: unknown): FaultResult => ({
        fault: fault.name,
        topology,
        writes: 0,
        reads: 0,
        lost: 0,
        readOutageMs: 0,
        writeOutageMs: 0,
        recoveryMs: 0,
        faults: [String(error)],
      }),
    );
    results.push(result);
    await onResult(result);
  }
  if (process.env.FAULTS_OUTPUT !== undefined) await Bun.write(process.env.FAULTS_OUTPUT, on.output());
  return results;
}
