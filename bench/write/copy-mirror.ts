import type { ClientBase } from 'pg';
import type { Database } from '#shared/orm/database.ts';
import { threadCpuMs } from '../process-figures.ts';
import { copyIn, copyOut, mirrorTables, withClient } from './copy.ts';
import { ownCpuMs } from './write-meter.ts';

export interface CopiedMirror {
  ms: number;
  /** Processor time of PostgreSQL and of the one who sends the rows. */
  cpuMs: number;
  rows: number;
  bytes: number;
}

/**
 * The limit of writing: all rows of one mirror into the empty tables of another, with the same indexes, triggers and
 * foreign keys, by one COPY a table and in one transaction. What triggers write (what movies, people and collections are
 * found by) is written in both ways, and copied in neither. It reads no answer, packs no part and makes no document.
 * @param there which movies stand in the other mirror before, as they do here: what they take is not counted
 */
export async function copyMirror(from: Database, to: Database, there = 'false'): Promise<CopiedMirror> {
  const { tables, known } = await withClient(from.clientConfig, async (client) => {
    const columns = await columnsOf(client, 'movies');
    const moviesWhere = (condition: string) => `(select ${columns} from movies where ${condition})`;
    const read: { table: string; bytes: Uint8Array }[] = [];
    for (const table of mirrorTables) {
      const rows = table === 'movies' ? moviesWhere(`not (${there})`) : table;
      read.push({ table, bytes: await copyOut(client, rows) });
    }
    return { tables: read, known: await copyOut(client, moviesWhere(there)) };
  });
  const spent = await withClient(to.clientConfig, async (client) => {
    await copyIn(client, 'movies', known);
    await client.query('analyze movies');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const usedMs = async () => (await threadCpuMs(rows[0]?.pid ?? 0)) + ownCpuMs();
    const beforeMs = await usedMs();
    const startedAt = performance.now();
    await client.query('begin');
    for (const { table, bytes } of tables) await copyIn(client, table, bytes);
    await client.query('commit');
    return { ms: performance.now() - startedAt, cpuMs: (await usedMs()) - beforeMs };
  });
  const [rows, copied] = [await countRows(from), await countRows(to)];
  if (rows !== copied) throw new Error(`COPY wrote ${copied} rows of ${rows}`);
  return { ...spent, rows, bytes: tables.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

/** Those that COPY writes: none that PostgreSQL fills by itself. */
async function columnsOf(client: ClientBase, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.columns ?? '';
}

/** How many rows there are in all of its tables, in SQL. */
export const mirrorRows = mirrorTables.map((table) => `(select count(*) from ${table})`).join(' + ');

async function countRows({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select (${mirrorRows})::int as n`);
  return rows[0]?.n ?? 0;
}
