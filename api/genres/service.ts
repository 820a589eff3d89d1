import { prepared, sql } from '#shared/db/sql.ts';
import type { ListReading, ListReads } from '../http/answers/list-reads.ts';
import type { MirrorMeta } from '../http/answers/model.ts';
import type { ReadyBody } from '../http/answers/ready-body.ts';
import type { Genre } from './model.ts';

/** TMDb's list is read once a day; two days are one that was missed. */
const staleAfterMs = 48 * 3_600_000;

const genresStatement = prepared<void, ListReading<Genre>>(
  'api-genres',
  () => sql`
    select
      (select trunc(extract(epoch from fetched_at) * 1000)::float8 from list_snapshots where name = 'genres')
        as fetched_at_ms,
      (select count(*)::int from genres where listed) as total,
      array_to_json(array(
        select row_to_json(g) from (select id, name from genres where listed order by name, id) g
      ))::text as data`,
);

export interface GenreService {
  all(): Promise<ReadyBody<Genre[], MirrorMeta>>;
}

export function createGenreService(lists: ListReads): GenreService {
  return {
    all: () => lists({ key: 'genres', statement: genresStatement(), staleAfterMs, metaOf: () => ({}) }),
  };
}
