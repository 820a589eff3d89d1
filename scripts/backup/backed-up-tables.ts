import type pg from 'pg';

export interface Table {
  name: string;
  /** Those that are written; what is computed comes by itself. */
  columns: string[];
}

/** The migrations that made the schema, in their order: a backup fits only the same. */
export async function readSchemaVersion(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query('select name from migrations order by name');
  return rows.map((row) => row.name);
}

/**
 * Our tables, each after those that it points to. Not the migrations' own, nor the queue's: it is filled anew. What
 * callers have used of their limits is not worth keeping, nor is work in progress. Figures are counted again, bits of common
 * terms and ids are noted again, and workers tell of themselves.
 */
export async function backedUpTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select array_agg(distinct f.confrelid::regclass::text) from pg_constraint f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '{}') as needs
    from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
      and c.relname not in ('common_terms', 'counted_figures', 'migrations', 'neighbour_work', 'noted_ids', 'rate_limits', 'worker_processes')
    order by c.relname`);
  const ordered: Table[] = [];
  const waiting = [...rows];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ needs }) =>
      needs.every((need) => !waiting.some(({ name }) => name === need.replaceAll('"', ''))),
    );
    const [table] = waiting.splice(next, 1);
    if (next === -1 || table === undefined) throw new Error('tables point at each other in a circle');
    ordered.push({ name: table.name, columns: table.columns });
  }
  return ordered;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const listOf = (columns: string[]) => columns.map(quoted).join(', ');
