import { createWriteStream } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ConfigError } from '#shared/config.ts';
import { storeWentAway } from '#shared/db/store-away.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { errorCodeOf } from '#shared/embedded/error-code.ts';
import { backedUpTables, listOf, quoted, readSchemaVersion } from './backed-up-tables.ts';
import { formatName } from './format.ts';

interface WriteBackupOptions {
  clientConfig: pg.ClientConfig;
  file: string;
  /** Whether it may replace a file that is there, and what a backup that was killed has left. */
  force?: boolean;
  signal: AbortSignal;
}

/**
 * Everything of ours as it was at one moment, while the service goes on: lines of JSON about what comes, and PostgreSQL's
 * own COPY text between them, compressed (gzip's checksum covers it). The file has its name only when all of it is on the disk.
 */
export async function writeBackup({ clientConfig, file, force = false, signal }: WriteBackupOptions) {
  const part = `${file}.part`;
  if (force) await rm(part, { force: true });
  else await refuseExisting(file);
  const client = new WatchedClient({ ...clientConfig, statement_timeout: 0 });
  await client.connect();
  const written = { tables: 0, rows: 0, bytes: 0 };
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const source = Readable.from(contentOf(client, written), { objectMode: false });
    // Exclusively: neither a file nor a link that somebody has put there is written to.
    const target = createWriteStream(part, { flags: 'wx', mode: 0o600 });
    await pipeline(source, createGzip({ level: 6 }), target, { signal });
    const handle = await open(part, 'r');
    await handle.sync();
    written.bytes = (await handle.stat()).size;
    await handle.close();
    if (!force) await refuseExisting(file);
    await rename(part, file);
    return written;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') throw partExists(part);
    await rm(part, { force: true }).catch(() => {});
    throw (
      refusalOf(file, error) ??
      storeWentAway(error, `in the middle. ${file} was not written, try again`) ??
      error
    );
  } finally {
    await client.end();
  }
}

const partExists = (part: string) =>
  new ConfigError(`${part} exists: a backup is writing it, or one was killed. If none runs, use --force.`);

async function refuseExisting(file: string): Promise<void> {
  const found = await lstat(file).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw refusalOf(file, error) ?? error;
  });
  if (found?.isDirectory()) throw new ConfigError(`${file} cannot be written: ${reasons.EISDIR}.`);
  if (found !== undefined)
    throw new ConfigError(`${file} exists already. Give another name, or use --force to replace it.`);
}

/** What an operator can set right. */
const reasons: Record<string, string> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'a folder has that name',
  ENOTEMPTY: 'a folder has that name',
  EACCES: 'it is not allowed there',
  EPERM: 'it is not allowed there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
};

function refusalOf(file: string, error: unknown): ConfigError | undefined {
  const reason = reasons[errorCodeOf(error) ?? ''];
  return reason === undefined ? undefined : new ConfigError(`${file} cannot be written: ${reason}.`);
}

async function* contentOf(
  client: pg.Client,
  written: { tables: number; rows: number },
): AsyncGenerator<Buffer | string> {
  yield `${JSON.stringify({ format: formatName, version: await readSchemaVersion(client), at: new Date().toISOString() })}\n`;
  for (const { name, columns } of await backedUpTables(client)) {
    yield `${JSON.stringify({ table: name, columns })}\n`;
    const stream = client.query(copyTo(`copy ${quoted(name)} (${listOf(columns)}) to stdout`));
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
    // COPY ends so where it stands in a file; no row of text looks like it.
    yield '\\.\n';
    written.tables += 1;
    written.rows += stream.rowCount;
  }
  yield `${JSON.stringify({ end: true, tables: written.tables, rows: written.rows })}\n`;
}
