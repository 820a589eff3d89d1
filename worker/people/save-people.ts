import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { recordset } from '#worker/store/recordset.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { MirroredPerson } from '../tmdb/wire/mirrored-movie.ts';
import { byId } from './by-id.ts';

/**
 * Takes over what an answer says of people, one statement. Everybody's popularity moves every day: within a week a row
 * is not written for a little of that.
 */
export async function savePeople(on: Sql, people: readonly MirroredPerson[], now: Date): Promise<void> {
  const rows = byId(people);
  if (rows.length === 0) return;
  // What one answer leaves out (a portrait, a popularity) does not take away what another gave.
  await runStatement(
    on,
    sql`
    insert into people as p (id, name, profile_path, known_for_department, popularity, fetched_at)
    select i.id, i.name, i.profile_path, i.known_for_department, i.popularity, ${now}
    from ${recordset(rows, {
      id: 'int',
      name: 'text',
      profile_path: 'text',
      known_for_department: 'text',
      popularity: 'float8',
    })}
    where not exists (
      select 1 from people k where k.id = i.id and k.fetched_at > ${now}::timestamptz - interval '7 days'
        and k.name = i.name
        and (i.profile_path is null or i.profile_path = k.profile_path)
        and (i.known_for_department is null or i.known_for_department = k.known_for_department)
        and (i.popularity is null or abs(i.popularity - k.popularity) <= greatest(0.2, k.popularity / 10)))
    order by i.id
    on conflict (id) do update set name = excluded.name, fetched_at = excluded.fetched_at,
      profile_path = coalesce(excluded.profile_path, p.profile_path),
      known_for_department = coalesce(excluded.known_for_department, p.known_for_department),
      popularity = coalesce(excluded.popularity, p.popularity)`,
  );
}
