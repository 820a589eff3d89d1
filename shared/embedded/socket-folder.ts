import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCodeOf } from './error-code.ts';
import { giveTo, type PostgresAccount } from './postgres-account.ts';

export const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;

/** The kernel's limit on a socket's path, in bytes. */
const longestPath = process.platform === 'darwin' ? 103 : 107;

/** Where the socket of a data folder lives: inside it, or, if the path would be too long, in a temporary folder. */
export const chooseSocketFolder = (dataDir: string): string => {
  const name = `nexus-${createHash('sha256').update(`${process.geteuid?.()}:${dataDir}`).digest('hex').slice(0, 16)}`;
  const folders = [join(dataDir, 'run'), join(tmpdir(), name), join('/tmp', name)];
  const folder = folders.find(fits);
  if (!folder)
    throw new EmbeddedPostgresError(`No folder has a short enough path for the socket of ${dataDir}.`);
  return folder;
};

/**
 * Makes the folder 0700 and empties it of what a killed server left: its lock file names a pid that may since have
 * been given to another process. A folder somebody else made under our name is refused.
 */
export const prepareSocketFolder = async (folder: string, account: PostgresAccount): Promise<void> => {
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || (found.uid !== process.geteuid?.() && found.uid !== account.uid)) {
    throw new EmbeddedPostgresError(
      `${folder} belongs to somebody else. Remove it, or move the data folder.`,
    );
  }
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
  await giveTo(account, folder);
  await Promise.all(
    [socketName, `${socketName}.lock`].map((file) => rm(join(folder, file), { force: true })),
  );
};

/** The setting is a comma-separated list with quoting of its own: plain names only. */
const fits = (folder: string): boolean =>
  Buffer.byteLength(join(folder, socketName)) <= longestPath && !/[,"'\\\p{Cc}]/u.test(folder);
