import type { ClientBase, Pool } from 'pg';

/** The most memory a process ever had, in MiB. */
export const peakMemoryMib = (pid: number): Promise<number> => memoryMib(pid, 'VmHWM');

/** What it has now. */
export const currentMemoryMib = (pid: number): Promise<number> => memoryMib(pid, 'VmRSS');

async function memoryMib(pid: number, field: string): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Processor time a process has used, in milliseconds; 0 if there is no such process (any more). */
export async function cpuMs(pid: number): Promise<number> {
  const fields = await statFields(pid);
  return ticksMs(fields[11]) + ticksMs(fields[12]);
}

/** Of its first thread, to the nanosecond: a process of PostgreSQL has no other. 0 if there is none (any more). */
export async function threadCpuMs(pid: number): Promise<number> {
  const stat = await Bun.file(`/proc/${pid}/schedstat`)
    .text()
    .catch(() => '0');
  return Number(stat.split(' ')[0]) / 1e6;
}

/** Processor time of each connection to a database by its process, but for the one that asks: on it the bench looks. */
export async function connectionTimes(asking: Pool | ClientBase): Promise<ReadonlyMap<number, number>> {
  const { rows } = await asking.query<{ pid: number }>(
    `select pid from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  return new Map(await Promise.all(rows.map(async ({ pid }) => [pid, await threadCpuMs(pid)] as const)));
}

/** What they took since. A pool closes those that it has not needed for long: what they took before is not given back. */
export const spentSince = (before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);

/** Of its children that have ended. */
export async function endedChildrenMs(pid: number): Promise<number> {
  const fields = await statFields(pid);
  return ticksMs(fields[13]) + ticksMs(fields[14]);
}

export async function parentOf(pid: number): Promise<number> {
  return Number((await statFields(pid))[1] ?? 0);
}

const ticksPerSecond = 100;
const ticksMs = (ticks = '0') => (Number(ticks) * 1000) / ticksPerSecond;

async function statFields(pid: number): Promise<string[]> {
  const stat = await Bun.file(`/proc/${pid}/stat`)
    .text()
    .catch(() => '');
  // The name, in brackets, may itself hold spaces and brackets.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
