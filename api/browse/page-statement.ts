import { type Fragment, sql } from '#shared/db/sql.ts';
import { listItemColumns } from '#shared/movies/document-columns.ts';
import type { ListReading } from '../http/answers/list-reads.ts';
import type { Unlocalized } from '../localization/localize-items.ts';
import type { MovieListItem } from '../movies/model.ts';
import type { StoredFacets } from './facets.ts';

/** A page that counts what it shows. */
export interface PageReading extends ListReading<Unlocalized<MovieListItem>> {
  shown: number;
  /** Where it was asked for; null: too many to be counted. */
  facets?: StoredFacets | null;
}

/**
 * Selects a page of list items from the statement's own `page (id, place)`. `fetched_at` is the oldest of what is
 * shown; of nothing, when the mirror last changed; null if it never did.
 * @param total an expression for `total`
 */
export const pageColumns = (total: Fragment): Fragment => sql`
    trunc(extract(epoch from coalesce(
      (select min(movies.fetched_at) from page join movies on movies.id = page.id),
      (select max(fetched_at) from movies),
      (select max(fetched_at) from list_snapshots)
    )) * 1000)::float8 as fetched_at_ms,
    ${total} as total,
    (select count(*)::int from page) as shown,
    array_to_json(array(
      select row_to_json(item) from (
        select ${listItemColumns}
        from page join movies m on m.id = page.id
        order by page.place
      ) item
    ))::text as data`;
