import { Database, SQLiteError } from 'bun:sqlite';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf } from './error-code.ts';

export interface FileLock extends Disposable {
  release(): void;
}

/** Held handles stay reachable: a collected one would be closed, and closing it gives the lock away. */
const held = new Set<Database>();

/**
 * Takes an exclusive lock of the operating system on a file, or returns undefined if it is taken, by another
 * process or by this one. SQLite holds it (fcntl), so it dies with the process, `kill -9` included, children do
 * not inherit it, and no pid is compared. The file stays: removing it would let two holders lock two files.
 */
export const tryFileLock = async (path: string): Promise<FileLock | undefined> => {
  createPrivateFile(path);
  const db = openLockFile(path);
  try {
    db.run('pragma busy_timeout = 0');
    db.run('begin exclusive');
  } catch (error) {
    db.close();
    if (error instanceof SQLiteError && error.code === 'SQLITE_BUSY') return undefined;
    throw new LockFileError(path, error);
  }
  held.add(db);
  const release = (): void => {
    if (held.delete(db)) db.close(true);
  };
  return { release, [Symbol.dispose]: release };
};

/** One sentence for the operator, that names the file. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';

  constructor(path: string, cause: unknown) {
    super(
      `The lock file ${path} cannot be used, because it is damaged or no such file. Make sure that nothing runs on this folder, delete the file, and start again.`,
      { cause },
    );
  }
}

function openLockFile(path: string): Database {
  try {
    return new Database(path, { readwrite: true });
  } catch (error) {
    throw new LockFileError(path, error);
  }
}

/** Waits its turn; undefined when the time is up. */
export const waitForFileLock = async (
  path: string,
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined },
): Promise<FileLock | undefined> => {
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryFileLock(path);
    if (lock || performance.now() > deadline) return lock;
    await sleep(20, undefined, signal ? { signal } : {});
  }
};

/**
 * An existing file is left unopened: closing any descriptor of it would drop a lock this process holds. Made in one
 * step for the same reason: between an open and a close that both wait, another call here could take the lock.
 */
const createPrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
};
