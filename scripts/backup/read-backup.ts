import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { ConfigError } from '#shared/config.ts';
import { storeWentAway } from '#shared/db/store-away.ts';
import { WatchedClient } from '#shared/db/watched-client.ts';
import { backedUpTables, listOf, quoted, readSchemaVersion, type Table } from './backed-up-tables.ts';
import { formatName } from './format.ts';
import { LineReader } from './line-reader.ts';

const Head = z.object({ format: z.literal(formatName), version: z.array(z.string()), at: z.string() });
const TableHead = z.object({ table: z.string(), columns: z.array(z.string()) });
const End = z.object({ end: z.literal(true), tables: z.int(), rows: z.int() });

interface ReadBackupOptions {
  clientConfig: pg.ClientConfig;
  file: string;
  /** Nobody is signed in then, and no link for a new password works: else what had ended since the backup begins again. */
  endsSessions?: boolean;
  signal: AbortSignal;
}

const endSessions = 'delete from sessions; delete from password_resets';

/**
 * Fills a database that has the schema and nothing in it, in one transaction.
 * @throws {ConfigError} for what is no backup, is torn, is of another version, or would go over what is there
 */
export async function readBackup({ clientConfig, file, endsSessions = false, signal }: ReadBackupOptions) {
  const client = new WatchedClient({ ...clientConfig, statement_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  const lines = new LineReader(unzipped(file));
  try {
    await client.query('begin');
    const tables = await backedUpTables(client);
    await refuseOther(client, await jsonLine(lines, Head), tables);
    // What triggers would make of the rows is among the rows.
    for (const { name } of tables) await client.query(`alter table ${quoted(name)} disable trigger user`);
    const done = await copyAll(client, lines, { tables, signal });
    if (endsSessions) await client.query(endSessions);
    for (const { name } of tables) await client.query(`alter table ${quoted(name)} enable trigger user`);
    await client.query(sequencesStatement);
    await client.query('commit');
    return done;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw (
      storeWentAway(error, `while ${file} was restored. All of it is there or nothing, try again`) ??
      new ConfigError(sentenceOf(file, error))
    );
  } finally {
    lines.close();
    // In the middle of a COPY, too: the server then takes everything back.
    await client.end();
  }
}

/** @returns a stream that fails with the file's failures, too */
function unzipped(file: string) {
  const source = createReadStream(file);
  const stream = createGunzip();
  // Whoever reads it is told; nobody may be reading yet.
  stream.on('error', () => {});
  source.on('error', (error) => stream.destroy(error));
  return source.pipe(stream);
}

async function copyAll(
  client: pg.Client,
  lines: LineReader,
  { tables, signal }: { tables: Table[]; signal: AbortSignal },
): Promise<{ tables: number; rows: number }> {
  const known = new Map(tables.map((table) => [table.name, table]));
  const done = { tables: 0, rows: 0 };
  for (;;) {
    const said = await jsonLine(lines, z.union([TableHead, End]));
    if ('end' in said) {
      if (said.tables !== done.tables || said.rows !== done.rows) throw new Error('rows are missing');
      return done;
    }
    const table = known.get(said.table);
    if (table === undefined || said.columns.some((column) => !table.columns.includes(column)))
      throw new Error('a table is not known');
    const copy = client.query(copyFrom(`copy ${quoted(said.table)} (${listOf(said.columns)}) from stdin`));
    await pipeline(() => lines.until('\\.'), copy, { signal });
    done.tables += 1;
    done.rows += copy.rowCount;
  }
}

async function jsonLine<T>(lines: LineReader, shape: z.ZodType<T>): Promise<T> {
  const line = await lines.next();
  if (line === undefined) throw new Error('it ends too early');
  return shape.parse(JSON.parse(line));
}

async function refuseOther(client: pg.Client, head: z.infer<typeof Head>, tables: Table[]): Promise<void> {
  const version = await readSchemaVersion(client);
  if (JSON.stringify(version) !== JSON.stringify(head.version))
    throw new ConfigError(
      `The backup was made with another version of the schema (${head.version.at(-1)}; this one is ${version.at(-1)}). Restore it with the version that made it, then upgrade.`,
    );
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select 1 from ${quoted(name)} limit 1`);
    // The one row that a migration makes is written over.
    if (name === 'upstream') await client.query('delete from upstream');
    else if (rowCount !== 0)
      throw new ConfigError(
        'The database is not empty. Restore into a new one, so that nothing is lost by mistake.',
      );
  }
}

/** Ids go on behind the largest. */
const sequencesStatement = `
  do $$ declare s record; begin
    for s in select a.attrelid::regclass as of_table, a.attname as of_column,
        pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) as sequence
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
        and pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) is not null
    loop
      execute format('select setval(%L, coalesce((select max(%I) from %s), 0) + 1, false)', s.sequence, s.of_column, s.of_table);
    end loop;
  end $$`;

const sentenceOf = (file: string, error: unknown): string =>
  (error as { code?: unknown }).code === 'ENOENT'
    ? `There is no file ${file}.`
    : `${file} is not a complete backup of this service (${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'}). Nothing was restored.`;
