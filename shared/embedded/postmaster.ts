import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCodeOf } from './error-code.ts';

export interface Postmaster {
  pid: number;
  socketFolder: string;
}

/** Above every system's highest pid, so no process ever has it. */
const impossiblePid = 4_194_304;

/**
 * The server running on a cluster. `pg_ctl status` only asks whether some process has the pid; that is also true of
 * a zombie, and of a stranger given the same pid (every restart of a container), so the command line is read as well.
 */
export const findPostmaster = async (clusterDir: string): Promise<Postmaster | undefined> => {
  const [pidLine, folder, , , socketFolder = ''] = await readPidFile(clusterDir);
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 1 || folder === undefined || !exists(pid)) return undefined;
  // An empty line would be found in every command line: in that of any other PostgreSQL, too.
  if (!isAbsolute(folder)) return undefined;
  const command = await commandOf(pid);
  const isOurs =
    command === undefined || (/^postgres\b/.test(basename(command[0] ?? '')) && command.includes(folder));
  return isOurs ? { pid, socketFolder } : undefined;
};

/**
 * Lets a new server start when the old one's pid file names a living stranger. The file is kept, since it also names
 * the shared memory by which the server notices orphans of a killed one; only the pid is made impossible.
 */
export const disownStalePid = async (clusterDir: string): Promise<void> => {
  const [pidLine, ...rest] = await readPidFile(clusterDir);
  if (pidLine === undefined || !exists(Number(pidLine)) || (await findPostmaster(clusterDir))) return;
  await writeFile(pidFileOf(clusterDir), [impossiblePid, ...rest].join('\n'));
};

/** Fast shutdown (SIGINT, as `pg_ctl stop -m fast` sends it), and only of that very server. */
export const stopPostmaster = async (clusterDir: string, pid: number, waitMs: number): Promise<void> => {
  const runs = async (): Promise<boolean> => (await findPostmaster(clusterDir))?.pid === pid;
  if (!(await runs())) return;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + waitMs;
  while (await runs()) {
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) did not stop within ${waitMs / 1000} s.`);
    }
    await sleep(20);
  }
};

/** The same without waiting, for a process that is about to be gone. */
export const endPostmaster = (clusterDir: string, pid: number): void => {
  try {
    // A server that has ended took its pid file away: its pid may be a stranger's.
    if (Number.parseInt(readFileSync(pidFileOf(clusterDir), 'utf8'), 10) === pid) process.kill(pid, 'SIGINT');
  } catch {}
};

/** Whether the last server ended without putting its pid file away. */
export const endedBadly = async (clusterDir: string): Promise<boolean> =>
  (await readPidFile(clusterDir)).length > 0;

/** Why no server can ever start beside its pid file, as one sentence that names the file; undefined if it is sound. */
export const damageOfPidFile = async (clusterDir: string): Promise<string | undefined> => {
  const path = pidFileOf(clusterDir);
  const damage = await readFile(path, 'utf8').then(
    (text) => (text.trim() === '' ? 'is empty' : startsWithPid.test(text) ? undefined : 'is damaged'),
    (error: unknown) => (errorCodeOf(error) === 'ENOENT' ? undefined : 'is no file that can be read'),
  );
  return damage === undefined
    ? undefined
    : `PostgreSQL cannot start, because ${path} ${damage}. Make sure that no PostgreSQL runs in this folder, delete it, and start again.`;
};

/** Negative for a server in single-user mode. */
const startsWithPid = /^-?[1-9]\d*\s*(\n|$)/;

const pidFileOf = (clusterDir: string): string => join(clusterDir, 'postmaster.pid');

const readPidFile = async (clusterDir: string): Promise<string[]> => {
  const text = await readFile(pidFileOf(clusterDir), 'utf8').catch(() => '');
  return text === '' ? [] : text.split('\n');
};

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
};

/** Empty for a zombie; undefined if the system will not say, which counts as running. */
const commandOf = async (pid: number): Promise<string[] | undefined> => {
  if (process.platform === 'linux') {
    try {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    } catch (error) {
      return ['ENOENT', 'ESRCH'].includes(errorCodeOf(error) ?? '') ? [] : undefined;
    }
  }
  const ps = Bun.spawn(['ps', '-ww', '-o', 'command=', '-p', String(pid)], {
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const line = (await new Response(ps.stdout).text()).trim();
  // Paths may hold spaces: what follows -D is the folder.
  const [executable = '', folder = ''] = line.split(' -D ');
  return [executable, folder];
};
