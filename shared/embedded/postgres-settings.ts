import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo, type PostgresAccount } from './postgres-account.ts';

export const settingsFile = 'nexus.conf';

/** Written anew at every start, because the data folder, and with it the socket, may have moved. */
export const writeSettings = async (
  clusterDir: string,
  account: PostgresAccount,
  options: { socketFolder: string; durable: boolean },
): Promise<void> => {
  const lines = Object.entries(settingsFor(options)).map(([name, value]) => `${name} = '${value}'\n`);
  const draft = join(clusterDir, `${settingsFile}.${randomUUID()}`);
  await writeFile(draft, lines.join(''), { mode: 0o600 });
  await giveTo(account, draft);
  await rename(draft, join(clusterDir, settingsFile));
};

const settingsFor = ({ socketFolder, durable }: { socketFolder: string; durable: boolean }) => ({
  listen_addresses: '',
  unix_socket_directories: socketFolder,
  unix_socket_permissions: '0700',
  port: '5432',
  max_connections: '200',

  // An acknowledged write survives kill -9 and a power cut; off only for clusters that are thrown away.
  ...switches(durable, ['fsync', 'synchronous_commit', 'full_page_writes']),
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  // After a checkpoint each page is logged whole once: at a million movies most of what a sync writes is that.
  wal_compression: 'on',

  shared_buffers: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',

  // Failed statements are the application's to log: here they would fill the disk and spell out users' data.
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
});

const switches = (on: boolean, names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, on ? 'on' : 'off']));
