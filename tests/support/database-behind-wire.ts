import { join } from 'node:path';
import type { ConnectionTarget, Database } from '#shared/orm/database.ts';
import { testDatabase } from './database.ts';
import { openWire, type Wire } from './wire.ts';

export interface BehindWire extends AsyncDisposable {
  /** The database, past the wire. */
  behind: Database;
  wire: Wire;
  /** Where it is reached through the wire. */
  target: Exclude<ConnectionTarget, { url: string }>;
  url: string;
}

/** A database that is also reached through a network that can be spoiled. */
export async function openDatabaseBehindWire(): Promise<BehindWire> {
  await using stack = new AsyncDisposableStack();
  const behind = stack.use(await testDatabase());
  const { host = '', port, user = '', database = '' } = behind.clientConfig;
  const wire = stack.use(await openWire({ path: join(host, `.s.PGSQL.${port}`) }));
  const target = { host: '127.0.0.1', port: wire.port, user, database };
  const owned = stack.move();
  return {
    behind,
    wire,
    target,
    url: `postgresql://${user}@127.0.0.1:${wire.port}/${database}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
