import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { answers } from './postgres-answers.ts';
import type { ClusterPlan } from './postgres-cluster.ts';
import { tailOfLog } from './postgres-log.ts';
import {
  damageOfPidFile,
  disownStalePid,
  endedBadly,
  findPostmaster,
  type Postmaster,
} from './postmaster.ts';
import { runCommand } from './run-command.ts';
import { prepareSocketFolder } from './socket-folder.ts';

const recoveryMs = 120_000;
/** Orphans of a killed server may finish their statement first, and no other server can start meanwhile. */
const orphansMs = 15_000;

/** The running server once it answers; undefined if there is none, or it ends while we wait. */
export const findAnsweringPostmaster = async (
  clusterDir: string,
  signal: AbortSignal | undefined,
): Promise<Postmaster | undefined> => {
  const deadline = performance.now() + recoveryMs;
  for (;;) {
    signal?.throwIfAborted();
    const server = await findPostmaster(clusterDir);
    // One that has just begun has not named its socket yet; without a folder, another server would be asked.
    if (!server || (server.socketFolder !== '' && (await answers(server.socketFolder)))) return server;
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL runs in ${clusterDir} (process ${server.pid}) but does not answer.`,
      );
    }
    await sleep(50);
  }
};

/** Starts the server and waits until it answers. */
export const launchPostmaster = async (plan: ClusterPlan, socketFolder: string): Promise<Postmaster> => {
  const { clusterDir, binaries, account, signal } = plan;
  const logFile = join(plan.dataDir, 'postgres.log');
  const pgCtl = [
    binaries.pgCtl,
    'start',
    '-w',
    '-t',
    String(recoveryMs / 1000),
    '-s',
    '-D',
    clusterDir,
    '-l',
    logFile,
  ];
  const deadline = performance.now() + ((await endedBadly(clusterDir)) ? orphansMs : 0);
  for (;;) {
    signal?.throwIfAborted();
    await prepareSocketFolder(socketFolder, account);
    await disownStalePid(clusterDir);
    await runCommand([...account.prefix, ...pgCtl], { silent: true });
    const server = await findAnsweringPostmaster(clusterDir, undefined);
    if (server) return server;
    const damage = await damageOfPidFile(clusterDir);
    if (damage !== undefined) throw new EmbeddedPostgresError(damage);
    if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL did not start. ${logFile} ends:\n${await tailOfLog(logFile)}`,
      );
    }
    await sleep(200);
  }
};
