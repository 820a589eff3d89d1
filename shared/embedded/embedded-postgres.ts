import { join } from 'node:path';
import { prepareDataFolder } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { type FileLock, tryFileLock, waitForFileLock } from './file-lock.ts';
import { findAnsweringPostmaster, launchPostmaster } from './launch-postmaster.ts';
import { choosePostgresAccount, giveTreeTo } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { type ClusterPlan, database, ensureCluster, superuser } from './postgres-cluster.ts';
import { prepareLog } from './postgres-log.ts';
import { writeSettings } from './postgres-settings.ts';
import { endPostmaster, type Postmaster, stopPostmaster } from './postmaster.ts';
import { chooseSocketFolder, socketPort } from './socket-folder.ts';

export interface EmbeddedPostgresOptions {
  dataDir: string;
  signal?: AbortSignal | undefined;
  log?: ((message: string) => void) | undefined;
  /** False gives up durability for speed: only for clusters that are thrown away. */
  durable?: boolean | undefined;
  /** Whether to become the owner of a server whose owner was killed, and so stop it in the end. */
  inherit?: boolean | undefined;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** The socket's folder, for drivers that take a folder as host. */
  readonly host: string;
  /** Only names the socket: no port is opened. */
  readonly port: typeof socketPort;
  readonly user: string;
  readonly database: string;
  /** False if one was running already. */
  readonly started: boolean;
  /** True if the database was made just now. */
  readonly firstStart: boolean;
  /** Whether `stop` will stop the server: we started it, or inherited it. */
  readonly owned: boolean;
  stop(): Promise<void>;
  /** Tells the server to stop, if it is ours: for a process that ends at this moment and waits for nothing. */
  stopUnwatched(): void;
}

const turnMs = 180_000;
const stopMs = 60_000;

/** Starts the PostgreSQL of a data folder, or joins the one that runs there. */
export const openEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { signal } = options;
  const dataDir = await prepareDataFolder(options.dataDir);
  // The launcher hands the path to a shell between double quotes.
  if (/["$`\\\p{Cc}]/u.test(dataDir))
    throw new EmbeddedPostgresError(`PostgreSQL cannot work in ${dataDir}.`);
  const clusterDir = join(dataDir, 'postgres');
  await prepareLog(join(dataDir, 'postgres.log'));

  using turn = await waitForFileLock(join(dataDir, 'postgres.lock'), { waitMs: turnMs, signal });
  if (!turn)
    throw new EmbeddedPostgresError(
      `Another process has been starting PostgreSQL in ${dataDir} for minutes.`,
    );

  const running = await findAnsweringPostmaster(clusterDir, signal);
  const started = running === undefined;
  // Before the start: a lock file that cannot be used leaves no server that nobody stops.
  const ownership =
    started || options.inherit ? await tryFileLock(join(dataDir, 'postgres.owner.lock')) : undefined;
  const opened = running
    ? { server: running, firstStart: false }
    : await start(dataDir, clusterDir, options).catch((error: unknown) => {
        ownership?.release();
        throw error;
      });
  return present(clusterDir, { ...opened, started, owned: started || ownership !== undefined, ownership });
};

const start = async (
  dataDir: string,
  clusterDir: string,
  { signal, durable = true, log = () => undefined }: EmbeddedPostgresOptions,
): Promise<{ server: Postmaster; firstStart: boolean }> => {
  const binaries = await findPostgresBinaries();
  const account = await choosePostgresAccount(dataDir, clusterDir, binaries.initdb);
  const plan: ClusterPlan = { dataDir, clusterDir, binaries, account, durable, log, signal };
  const firstStart = await ensureCluster(plan);
  await giveTreeTo(account, clusterDir);
  const socketFolder = chooseSocketFolder(dataDir);
  await writeSettings(clusterDir, account, { socketFolder, durable });
  const server = await launchPostmaster(plan, socketFolder);
  if (signal?.aborted) {
    await stopPostmaster(clusterDir, server.pid, stopMs);
    signal.throwIfAborted();
  }
  log(`PostgreSQL started in ${clusterDir}`);
  return { server, firstStart };
};

const present = (
  clusterDir: string,
  opened: {
    server: Postmaster;
    started: boolean;
    firstStart: boolean;
    owned: boolean;
    ownership: FileLock | undefined;
  },
): EmbeddedPostgres => {
  const { server, started, firstStart, owned, ownership } = opened;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (owned ? stopPostmaster(clusterDir, server.pid, stopMs) : Promise.resolve()).finally(() =>
      ownership?.release(),
    );
    return stopping;
  };
  const address = { host: server.socketFolder, port: socketPort, user: superuser, database } as const;
  const stopUnwatched = (): void => {
    if (owned) endPostmaster(clusterDir, server.pid);
  };
  return { ...address, started, firstStart, owned, stop, stopUnwatched, [Symbol.asyncDispose]: stop };
};
