import { runStatement } from './run-statement.ts';
import { sql } from './sql.ts';
import { WatchedClient } from './watched-client.ts';

const answerMs = 3000;
const mark = 'nexus.session';

const ownStatement = sql<{ pid: number }>`select pg_backend_pid() as pid`;
const markStatement = sql`select set_config(${mark}, 'kept', false)`;
const markedStatement = sql<{ kept: boolean }>`select current_setting(${mark}, true) = 'kept' as kept`;

/**
 * Whether what is said to one connection stays with it: LISTEN, locks, prepared statements and settings need that.
 * A pooler that hands out its servers for one transaction at a time takes the server away while another client works.
 */
export async function holdsSession(url: string): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const open = async () => {
    const client = new WatchedClient({
      connectionString: url,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    });
    await client.connect();
    stack.defer(async () => client.break('Connection terminated'));
    return client;
  };
  const ask = { timeoutMs: answerMs };
  const client = await open();
  const [own] = await runStatement(client, ownStatement, ask);
  // A pooler gives numbers of its own.
  if (own?.pid === client.processId) return true;
  await runStatement(client, markStatement, ask);
  const other = await open();
  await runStatement(other, sql`begin`, ask);
  await runStatement(other, ownStatement, ask);
  // Of a pool with one place nothing is answered: its only server is the other's now.
  const marked = await runStatement(client, markedStatement, ask).catch(() => []);
  return marked[0]?.kept === true;
}
