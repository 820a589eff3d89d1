/** A fixed environment: nothing of ours (tokens, secrets, PG* settings) reaches the database's processes. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Where a command of the system is: also where the caller's own `PATH` has little in it. */
export const findCommand = (name: string): string | null =>
  Bun.which(name, { PATH: `${process.env.PATH ?? ''}:${environment.PATH}` });

export interface CommandResult {
  ok: boolean;
  output: string;
}

/**
 * Runs a command to its end. Detached from the terminal, so that Ctrl-C reaches only us and we decide the order.
 * `silent` opens no pipe: a daemon the command leaves behind would hold it open, and the wait would never end.
 */
export const runCommand = async (
  command: string[],
  options: { stdin?: string; silent?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<CommandResult> => {
  const child = Bun.spawn(command, {
    cwd: '/',
    env: environment,
    detached: true,
    stdin: options.stdin === undefined ? 'ignore' : new Blob([options.stdin]),
    stdout: 'ignore',
    stderr: options.silent ? 'ignore' : 'pipe',
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const output = child.stderr instanceof ReadableStream ? await new Response(child.stderr).text() : '';
  const code = await child.exited;
  options.signal?.throwIfAborted();
  return { ok: code === 0, output: output.trim() };
};
