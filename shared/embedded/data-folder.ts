import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  link,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorCodeOf } from './error-code.ts';
import { type FileLock, tryFileLock } from './file-lock.ts';

export class DataFolderError extends Error {
  override name = 'DataFolderError';
}

export class DataFolderLockedError extends DataFolderError {
  override name = 'DataFolderLockedError';
  constructor(
    readonly dataDir: string,
    readonly holder: { pid: number; what: string } | undefined,
  ) {
    const who = holder ? ` (${holder.what}, process ${holder.pid})` : '';
    super(
      `Another Nexus is already running on ${dataDir}${who}. Stop it, or set NEXUS_DATA_DIR to another folder.`,
    );
  }
}

export interface DataFolderLock extends Disposable, AsyncDisposable {
  release(): Promise<void>;
}

/** Makes the folder, or closes an existing one of ours to everybody else. Returns its absolute, real path. */
export const prepareDataFolder = async (path: string): Promise<string> => {
  const asked = resolve(path);
  try {
    await mkdir(asked, { recursive: true, mode: 0o700 });
    const folder = await realpath(asked);
    await closeToOthers(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    throw new DataFolderError(`The data folder ${asked} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
};

/** The secret kept in `<dataDir>/<name>` (0600). Processes that create it at the same moment get the same one. */
export const readOrCreateSecret = async (
  dataDir: string,
  name: string,
  make: () => string | Promise<string>,
): Promise<string> => {
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new DataFolderError(`"${name}" cannot name a secret.`);
  const path = join(dataDir, name);
  const existing = await readSecret(path);
  if (existing !== undefined) return existing;

  // Written whole under another name, then linked: the first link wins, and nobody ever reads half a secret.
  const draft = `${path}.${randomUUID()}`;
  try {
    await writePrivately(draft, await make());
    await link(draft, path).catch((error: unknown) => {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const agreed = await readSecret(path);
  if (agreed === undefined) throw new DataFolderError(`${path} was removed while it was being made.`);
  return agreed;
};

/** One holder per data folder. The lock ends with the holder, however it ends; `what` is told to the next one. */
export const lockDataFolder = async (dataDir: string, what: string): Promise<DataFolderLock> => {
  const folder = await prepareDataFolder(dataDir);
  const note = join(folder, 'nexus.lock.json');
  const lock = await tryFileLock(join(folder, 'nexus.lock'));
  if (!lock) throw new DataFolderLockedError(folder, await readHolder(note));
  await writeHolder(note, what, lock);
  const release = async (): Promise<void> => {
    lock.release();
  };
  return { release, [Symbol.dispose]: () => lock.release(), [Symbol.asyncDispose]: release };
};

const closeToOthers = async (folder: string): Promise<void> => {
  const { mode, uid } = await stat(folder);
  if ((mode & 0o077) === 0 || uid !== process.geteuid?.()) return;
  const shared = await Promise.all(
    ['/', homedir(), tmpdir(), process.cwd()].map((it) => realpath(it).catch(() => it)),
  );
  const sticky = (mode & 0o1000) !== 0;
  if (sticky || shared.includes(folder)) {
    throw new DataFolderError(`${folder} is shared with other programs. Give Nexus a folder of its own.`);
  }
  await chmod(folder, 0o700);
};

const readSecret = async (path: string): Promise<string | undefined> => {
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret === '') throw new DataFolderError(`${path} is empty. Remove it to have a new one made.`);
    const { mode, uid } = await stat(path);
    if ((mode & 0o077) !== 0 && uid === process.geteuid?.()) await chmod(path, 0o600);
    return secret;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const writePrivately = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

const writeHolder = async (note: string, what: string, lock: FileLock): Promise<void> => {
  const draft = `${note}.${randomUUID()}`;
  try {
    await writePrivately(draft, JSON.stringify({ pid: process.pid, what }));
    await rename(draft, note);
  } catch (error) {
    lock.release();
    await rm(draft, { force: true });
    throw new DataFolderError(`The file ${note} cannot be written: ${messageOf(error)}`, { cause: error });
  }
};

/** A hint for the message only; who holds the folder is decided by the lock. */
const readHolder = async (note: string): Promise<DataFolderLockedError['holder']> => {
  try {
    const { pid, what }: { pid?: unknown; what?: unknown } = JSON.parse(await readFile(note, 'utf8'));
    return typeof pid === 'number' && typeof what === 'string' ? { pid, what } : undefined;
  } catch {
    return undefined;
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
