import { type Fragment, type Placeholder, sql } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';

interface AskedPage {
  /** The name in `list_snapshots`. */
  snapshot: Placeholder<string>;
  limit: Placeholder<number>;
  offset: Placeholder<number>;
}

/** What is read of a page of a ranked list, from `visible`: its `rank` and the columns of `movies`. */
export const rankedColumns = ({ snapshot, limit, offset }: AskedPage): Fragment => sql`
      (select trunc(extract(epoch from fetched_at) * 1000)::float8 from list_snapshots where name = ${snapshot})
        as fetched_at_ms,
      (select count(*)::int from visible) as total,
      array_to_json(array(
        select row_to_json(item) from (
          select m.rank, ${listItemColumns}
          from (select * from visible order by rank limit ${limit}::bigint offset ${offset}::bigint) m
          order by m.rank
        ) item
      ))::text as data`;
