import { chown, stat } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { findCommand, runCommand } from './run-command.ts';

/** How the database's commands are run: what stands before them, and who their files belong to, if not to us. */
export interface PostgresAccount {
  prefix: string[];
  uid?: number;
}

const nobody = 65534;

/**
 * PostgreSQL refuses to run as root, and `initdb` as a user without a name. A user namespace that calls us nobody
 * is enough (no user is made, files stay ours). Where containers forbid it, root may become another user.
 * Files that belong to another user already are that user's to run.
 */
export const choosePostgresAccount = async (
  dataDir: string,
  clusterDir: string,
  executable: string,
): Promise<PostgresAccount> => {
  const isRoot = process.geteuid?.() === 0;
  if (!isRoot && (await hasName())) return { prefix: [] };

  const owner = (await ownerOf(clusterDir)) ?? (await ownerOf(dataDir)) ?? 0;
  const candidates = [
    ...(isRoot && owner !== 0 ? [] : [inNamespace()]),
    ...(isRoot ? [asUser(owner === 0 ? nobody : owner)] : []),
  ];
  for (const account of candidates) {
    if (account && (await canWork(account, dataDir, executable))) return account;
  }
  throw new EmbeddedPostgresError(
    isRoot
      ? 'PostgreSQL does not run as root, and this machine allows neither a user namespace (unshare) nor another user (setpriv). Start Nexus as an ordinary user, or set DATABASE_URL.'
      : 'PostgreSQL does not run as a user without a name, and this machine allows no user namespace (unshare). Start Nexus as a user listed in /etc/passwd, or set DATABASE_URL.',
  );
};

/** Gives a file or folder to the account that must own it. */
export const giveTo = async ({ uid }: PostgresAccount, path: string): Promise<void> => {
  if (uid !== undefined) await chown(path, uid, uid);
};

/** Gives a whole cluster made under another account to this one. */
export const giveTreeTo = async ({ uid }: PostgresAccount, folder: string): Promise<void> => {
  if (uid === undefined || (await ownerOf(folder)) === uid) return;
  const { ok, output } = await runCommand(['chown', '-R', `${uid}:${uid}`, folder]);
  if (!ok) throw new EmbeddedPostgresError(`${folder} cannot be given to user ${uid}: ${output}`);
};

const inNamespace = (): PostgresAccount | undefined => {
  const unshare = findCommand('unshare');
  return unshare
    ? { prefix: [unshare, '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'] }
    : undefined;
};

/** Keeps root's right to pass closed folders (the data folder is 0700, and may lie under /root). */
const asUser = (uid: number): PostgresAccount | undefined => {
  const setpriv = findCommand('setpriv');
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return setpriv
    ? { prefix: [setpriv, `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...rights, '--'], uid }
    : undefined;
};

const canWork = async ({ prefix }: PostgresAccount, dataDir: string, executable: string): Promise<boolean> =>
  (await runCommand([...prefix, '/bin/sh', '-c', 'test -w "$0" && test -x "$1"', dataDir, executable])).ok;

const ownerOf = async (path: string): Promise<number | undefined> =>
  (await stat(path).catch(() => undefined))?.uid;

/** Bun's `userInfo` reads only `USER`, which cron and systemd may not set, and which a container may set to anything. */
const hasName = async (): Promise<boolean> => (await runCommand(['id', '-un'])).ok;
