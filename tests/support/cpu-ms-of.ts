/** The processor time in milliseconds that this process takes meanwhile: that others are busy, too, does not count. */
export async function cpuMsOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
