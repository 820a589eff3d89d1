/** Says to the program inside that its mounts are its own. */
const mark = 'NEXUS_FAULTS_INSIDE';
/** So many sockets, and some: each process of the suite holds one end of every idle connection. */
const openFiles = 12_000;

/** Whether what we mount is seen by nobody else, and ends with us. */
export const mountsAreOurs = process.env[mark] === '1';

/**
 * Runs this same program again in a mount namespace of its own, where disks can be filled, and with enough open files.
 * Returns only inside, or where neither is allowed: then this says loudly what is left out.
 */
export async function enterOwnNamespace(): Promise<void> {
  if (mountsAreOurs) return;
  const ways = [[], ['--user', '--map-root-user']].map((who) => [
    'unshare',
    ...who,
    '--mount',
    '--propagation',
    'private',
  ]);
  const way = Bun.which('unshare') === null ? undefined : ways.find((each) => canMount(each));
  if (way === undefined) {
    process.stderr.write('\n*** NO MOUNT NAMESPACES ON THIS MACHINE: NO DISK IS FILLED ***\n\n');
    return;
  }
  // The hard limit can be raised by root alone; where it is too low, the idle connections say so.
  const script = `ulimit -n ${openFiles * 2} 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"`;
  const child = Bun.spawn(
    [...way, 'bash', '-c', script, 'faults', process.execPath, ...process.argv.slice(1)],
    {
      env: { ...process.env, [mark]: '1' },
      stdio: ['inherit', 'inherit', 'inherit'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exit(await child.exited);
}

const canMount = (way: string[]): boolean =>
  Bun.spawnSync([...way, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stderr: 'ignore' }).exitCode === 0;
