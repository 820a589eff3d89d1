import { prepared, sql } from '#shared/db/sql.ts';
import type { ImportList, ImportSource } from '#shared/users/user-import.ts';
import type { ImportRowStatus } from '#shared/users/user-import-row.ts';
import type { ImportRow, StoredImport } from './present-import.ts';

interface NewImport {
  id: string;
  userId: string;
  source: ImportSource;
  list: ImportList;
  assumed: boolean;
  rows: number;
  notFound: number;
}

/** No row: another one is live. */
export const insertStatement = prepared<NewImport, { id: string }>(
  'api-import-insert',
  ({ id, userId, source, list, assumed, rows, notFound }) => sql`
    insert into user_imports (id, user_id, source, list, list_assumed, rows, not_found)
    values (${id}, ${userId}, ${source}, ${list}, ${assumed}, ${rows}, ${notFound})
    on conflict (user_id) where status in ('queued', 'running') do nothing
    returning id`,
);

/** @param rows as JSON */
export const fillStatement = prepared<{ id: string; rows: string }>(
  'api-import-fill',
  ({ id, rows }) => sql`
    insert into user_import_rows (import_id, line, same_as, status, title, original_title, year, directors,
      given_tmdb_id, given_imdb_id, rating, at, rated_at, reason)
    select ${id}, line, same_as, status, title, original_title, year, directors, given_tmdb_id, given_imdb_id,
      rating, at, rated_at, reason
    from json_to_recordset(${rows}::json) as r(line int, same_as int, status text, title text, original_title text,
      year smallint, directors text, given_tmdb_id int, given_imdb_id text, rating float8, at timestamptz,
      rated_at timestamptz, reason text)`,
);

/** So many rows of one user are kept, in as many imports. */
const keptRows = 200_000;

/** The oldest make room for a new one. */
export const forgetOldStatement = prepared<{ userId: string }>(
  'api-import-forget-old',
  ({ userId }) => sql`
    delete from user_imports where status in ('succeeded', 'failed') and id in (
      select id from (
        select id, sum(rows) over (order by created_at desc, id desc) as up_to_it from user_imports where user_id = ${userId}
      ) i where up_to_it > ${keptRows})`,
);

/** One whose job could not be queued. */
export const withdrawStatement = prepared<{ id: string }>(
  'api-import-withdraw',
  ({ id }) => sql`delete from user_imports where id = ${id} and status = 'queued'`,
);

export const deleteStatement = prepared<{ id: string; userId: string }, { id: string }>(
  'api-import-delete',
  ({ id, userId }) => sql`delete from user_imports where id = ${id} and user_id = ${userId} returning id`,
);

export const liveStatement = prepared<{ userId: string }, { id: string }>(
  'api-import-live',
  ({ userId }) =>
    sql`select id from user_imports where user_id = ${userId} and status in ('queued', 'running')`,
);

const columns = sql`
  id, source, list, list_assumed, status, created_at, finished_at, error, rows, matched, ambiguous, not_found,
  skipped, added, unchanged`;

export const oneStatement = prepared<{ id: string; userId: string }, StoredImport>(
  'api-import-one',
  ({ id, userId }) => sql`select ${columns} from user_imports where id = ${id} and user_id = ${userId}`,
);

const rowColumns = sql`
  line, title, year, status, tmdb_id, matched_by, reason, coalesce(candidates, '[]') as candidates`;

interface AskedRows {
  id: string;
  status: ImportRowStatus | null;
  limit: number;
  offset: number;
}

export const rowsStatement = prepared<AskedRows, ImportRow>(
  'api-import-rows',
  ({ id, status, limit, offset }) => sql`
    select ${rowColumns}
    from user_import_rows where import_id = ${id} and (${status}::text is null or status = ${status})
    order by line limit ${limit}::bigint offset ${offset}::bigint`,
);

export const oneRowStatement = prepared<{ id: string; line: number }, ImportRow>(
  'api-import-one-row',
  ({ id, line }) =>
    sql`select ${rowColumns} from user_import_rows where import_id = ${id} and line = ${line}`,
);

interface AskedImports {
  userId: string;
  limit: number;
  offset: number;
}

export const pageStatement = prepared<AskedImports, { total: number; imports: StoredImport[] }>(
  'api-imports',
  ({ userId, limit, offset }) => sql`
    select (select count(*)::int from user_imports where user_id = ${userId}) as total,
      array_to_json(array(
        select row_to_json(i) from (
          select ${columns} from user_imports where user_id = ${userId}
          order by created_at desc, id desc limit ${limit}::bigint offset ${offset}::bigint) i)) as imports`,
);
