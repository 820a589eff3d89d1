/** The most memory a process ever had, in MiB. */
export async function peakMemoryMib(pid: number): Promise<number> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Processor time a process has used, in milliseconds; 0 if there is no such process (any more). */
export async function cpuMs(pid: number): Promise<number> {
  const fields = await statFields(pid);
  return ticksMs(fields[11]) + ticksMs(fields[12]);
}

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
