import type { Pool } from 'pg';
import { prepared, sql } from '#shared/db/sql.ts';
import { selectOne } from '../store/select-one.ts';

/** So often one that others were merged into is itself merged. */
const mostSteps = 5;

const presentStatement = prepared<{ ids: number[] }, { ids: number[] }>(
  'api-present-movie-ids',
  ({ ids }) => sql`
    with recursive leads(id, into_id, steps) as (
      select id, id, 0 from unnest(${ids}::int[]) as asked(id)
      union all
      select leads.id, g.into_tmdb_id, steps + 1
      from leads join movie_merges g on g.tmdb_id = leads.into_id and g.state = 'moved' where steps < ${mostSteps}
    )
    select array(select distinct on (id) into_id from leads order by id, steps desc) as ids`,
);

/** Under which ids movies are today: one that was merged into another leads to that one. */
export async function readPresentIds(pool: Pool, ids: number[]): Promise<number[]> {
  return (await selectOne(pool, presentStatement({ ids }))).ids;
}
