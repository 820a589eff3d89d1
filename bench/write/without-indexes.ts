import type pg from 'pg';
import { onClient } from '../bench-postgres.ts';
import { withClient } from './copy.ts';

/** How many indexes are made at once. */
const lanes = 2;

/** Lets `fill` write many rows into these tables while they have no indexes but those of keys, and makes the others then. */
export async function withoutIndexes(
  config: pg.ClientConfig,
  tables: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const indexes = await withClient(config, async (client) => {
    const { rows } = await client.query<{ name: string; made: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made
        from pg_index where indrelid = any($1::regclass[]) and not indisunique`,
      [tables],
    );
    return rows;
  });
  await onClient(config, ...indexes.map(({ name }) => `drop index ${name}`));
  await fill();
  const left = indexes.values();
  const lane = () =>
    withClient(config, async (client) => {
      await client.query("set maintenance_work_mem = '768MB'; set max_parallel_maintenance_workers = 0");
      for (const { made } of left) await client.query(made);
    });
  await Promise.all(Array.from({ length: lanes }, lane));
}
