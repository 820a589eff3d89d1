import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { giveTo, type PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { settingsFile } from './postgres-settings.ts';
import { runCommand } from './run-command.ts';

export const superuser = 'nexus';
export const database = 'nexus';

export interface ClusterPlan {
  dataDir: string;
  clusterDir: string;
  binaries: PostgresBinaries;
  account: PostgresAccount;
  durable: boolean;
  log: (message: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Makes the cluster unless there is a finished one; returns whether it did. It is made under another name and renamed
 * when complete, so a folder half made by a killed process is never taken for a database.
 */
export const ensureCluster = async (plan: ClusterPlan): Promise<boolean> => {
  await removeDrafts(plan.dataDir);
  if (await isComplete(plan.clusterDir)) {
    await checkVersion(plan);
    return false;
  }
  await setAside(plan);

  const draft = join(plan.dataDir, `${draftPrefix}${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  try {
    await giveTo(plan.account, draft);
    await initialise(draft, plan);
    await rename(draft, plan.clusterDir);
    await syncFolder(plan.dataDir);
  } catch (error) {
    await removeFolder(draft);
    throw error;
  }
  return true;
};

const draftPrefix = 'postgres.draft-';

const initialise = async (draft: string, plan: ClusterPlan): Promise<void> => {
  const { binaries, account, signal } = plan;
  const sync = plan.durable ? [] : ['--no-sync'];
  const initdb = [binaries.initdb, '-D', draft, `--username=${superuser}`, '--auth=trust', '--encoding=UTF8'];
  await runOrThrow('initdb', [...account.prefix, ...initdb, ...locale, ...sync], { signal });

  // Single-user mode: the database exists before anybody can connect and find it missing.
  const single = [binaries.postgres, '--single', '-D', draft, ...(plan.durable ? [] : ['-c', 'fsync=off'])];
  const sql = `create database ${database}\n`;
  await runOrThrow('create database', [...account.prefix, ...single, 'template1'], { signal, stdin: sql });

  await appendFile(join(draft, 'postgresql.conf'), `\ninclude '${settingsFile}'\n`);
  await writeFile(join(draft, settingsFile), '', { mode: 0o600 });
};

/** Unicode rules without the system's locales. macOS has no C.UTF-8, but needs a UTF-8 ctype for word characters. */
const locale =
  process.platform === 'darwin'
    ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-ctype=en_US.UTF-8']
    : ['--locale-provider=builtin', '--locale=C.UTF-8'];

/** Our settings file is put in last, so it marks a cluster whose making was finished. */
const isComplete = async (clusterDir: string): Promise<boolean> => {
  const marks = ['PG_VERSION', 'global/pg_control', settingsFile].map((file) => stat(join(clusterDir, file)));
  return (await Promise.allSettled(marks)).every((mark) => mark.status === 'fulfilled');
};

const checkVersion = async ({ clusterDir, binaries }: ClusterPlan): Promise<void> => {
  const made = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  if (made === binaries.major) return;
  throw new EmbeddedPostgresError(
    `${clusterDir} was made by PostgreSQL ${made}, and PostgreSQL ${binaries.major} is installed. Install the release of Nexus that made it to take a copy of the rows, or set NEXUS_DATA_DIR to another folder.`,
  );
};

/** Something else in the cluster's place may still be worth something to its owner: moved, never removed. */
const setAside = async ({ dataDir, clusterDir, log }: ClusterPlan): Promise<void> => {
  if (!(await stat(clusterDir).catch(() => undefined))) return;
  const place = join(dataDir, `postgres.incomplete-${randomUUID()}`);
  await rename(clusterDir, place);
  log(`${clusterDir} was not a complete database and was moved to ${place}`);
};

const removeDrafts = async (dataDir: string): Promise<void> => {
  const leftovers = (await readdir(dataDir)).filter((name) => name.startsWith(draftPrefix));
  await Promise.all(leftovers.map((name) => removeFolder(join(dataDir, name))));
};

/** A draft is never trusted, so one that cannot be removed yet (its orphaned initdb still writes) does no harm. */
const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true }).catch(() => undefined);

/** Without it a power cut could undo the rename, and later rows with it. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
};

const runOrThrow = async (what: string, ...args: Parameters<typeof runCommand>): Promise<void> => {
  const { ok, output } = await runCommand(...args);
  if (!ok || /^ERROR:/m.test(output)) {
    throw new EmbeddedPostgresError(`The embedded PostgreSQL could not be made (${what}): ${output}`);
  }
};
