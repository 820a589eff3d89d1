import type { Statement } from '../store/query-store.ts';

/** $1 id, $2 user, $3 source, $4 list, $5 whether assumed, $6 the rows as JSON. No row: another one is live. */
export const insertImport: Statement = {
  name: 'api-import-insert',
  text: `
    with given as materialized (
      select * from json_to_recordset($6::json) as r(line int, same_as int, status text, title text, original_title text,
        year smallint, given_tmdb_id int, given_imdb_id text, rating smallint, at timestamptz, reason text)
    ), made as (
      insert into user_imports (id, user_id, source, list, list_assumed, rows, not_found)
      select $1::uuid, $2::uuid, $3, $4, $5::boolean, count(*), count(*) filter (where status = 'not_found') from given
      on conflict (user_id) where status in ('queued', 'running') do nothing
      returning id
    ), filled as (
      insert into user_import_rows (import_id, line, same_as, status, title, original_title, year, given_tmdb_id,
        given_imdb_id, rating, at, reason)
      select made.id, line, same_as, status, title, original_title, year, given_tmdb_id, given_imdb_id, rating, at, reason
      from given, made
    )
    select id from made`,
};

export const deleteImport: Statement = {
  name: 'api-import-delete',
  text: `delete from user_imports where id = $1 and status = 'queued'`,
};

/** $1 user. */
export const selectLiveImport: Statement = {
  name: 'api-import-live',
  text: `select id from user_imports where user_id = $1 and status in ('queued', 'running')`,
};

const columns = `
  id, source, list, list_assumed, status, created_at, finished_at, error, rows, matched, ambiguous, not_found,
  added, unchanged`;

/** $1 id, $2 user. */
export const selectImport: Statement = {
  name: 'api-import-one',
  text: `select ${columns} from user_imports where id = $1 and user_id = $2`,
};

/** $1 id, $2 status or null, $3 limit, $4 offset. */
export const selectImportRows: Statement = {
  name: 'api-import-rows',
  text: `
    select line, title, year, status, tmdb_id, matched_by, reason, coalesce(candidates, '[]') as candidates
    from user_import_rows where import_id = $1 and ($2::text is null or status = $2)
    order by line limit $3::bigint offset $4::bigint`,
};

/** $1 user, $2 limit, $3 offset. */
export const selectImports: Statement = {
  name: 'api-imports',
  text: `
    select (select count(*)::int from user_imports where user_id = $1) as total,
      array_to_json(array(
        select row_to_json(i) from (
          select ${columns} from user_imports where user_id = $1
          order by created_at desc, id desc limit $2::bigint offset $3::bigint) i)) as imports`,
};
