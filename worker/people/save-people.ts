import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { copyStatement } from '#worker/store/copy-rows.ts';
import { recordset } from '#worker/store/recordset.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { MirroredPerson } from '../tmdb/wire/mirrored-movie.ts';
import { byId } from './by-id.ts';

/**
 * Takes over what an answer says of people, one statement. Everybody's popularity moves every day: within a week a row
 * is not written for a little of that.
 */
export async function savePeople(on: Sql, people: readonly MirroredPerson[], now: Date): Promise<void> {
  const named = byId(people);
  if (named.length === 0) return;
  const known = named.length < fewestCopied ? undefined : await readKnown(on, named);
  if (known !== undefined)
    await addPeople(
      on,
      named.filter(({ id }) => !known.has(id)),
      now,
    );
  const rows = known === undefined ? named : named.filter(({ id }) => known.has(id));
  if (rows.length === 0) return;
  // What one answer leaves out (a portrait, a popularity) does not take away what another gave.
  await runRepeated(
    on,
    sql`
    insert into people as p (id, name, profile_path, known_for_department, popularity, gender, original_name, adult,
      imdb_id, fetched_at)
    select i.id, i.name, i.profile_path, i.known_for_department, i.popularity, i.gender, i.original_name, i.adult,
      i.imdb_id, ${now}
    from ${recordset(rows, types)}
    where not exists (
      select 1 from people k where k.id = i.id and k.fetched_at > ${now}::timestamptz - interval '7 days'
        and k.name = i.name
        and (i.profile_path is null or i.profile_path = k.profile_path)
        and (i.known_for_department is null or i.known_for_department = k.known_for_department)
        and (coalesce(i.gender, 0) = 0 or i.gender = k.gender)
        and (i.original_name is null or i.original_name = k.original_name)
        and (i.adult is null or i.adult = k.adult)
        and (i.imdb_id is null or i.imdb_id = k.imdb_id)
        and (i.popularity is null or abs(i.popularity - k.popularity) <= greatest(0.2, k.popularity / 10)))
    order by i.id
    on conflict (id) do update set name = excluded.name, fetched_at = excluded.fetched_at,
      profile_path = coalesce(excluded.profile_path, p.profile_path),
      known_for_department = coalesce(excluded.known_for_department, p.known_for_department),
      popularity = coalesce(excluded.popularity, p.popularity),
      gender = coalesce(nullif(excluded.gender, 0), p.gender),
      original_name = coalesce(excluded.original_name, p.original_name),
      adult = coalesce(excluded.adult, p.adult),
      imdb_id = coalesce(excluded.imdb_id, p.imdb_id)`,
  );
}

/**
 * Those of many movies. Who copies people and meets another writer has to begin again: of the few of one movie, whose
 * readers wait, both go on.
 */
const fewestCopied = 300;

const types = {
  id: 'int',
  name: 'text',
  profile_path: 'text',
  known_for_department: 'text',
  popularity: 'float8',
  gender: 'smallint',
  original_name: 'text',
  adult: 'bool',
  imdb_id: 'text',
} as const;

async function readKnown(on: Sql, people: readonly MirroredPerson[]): Promise<ReadonlySet<number>> {
  const ids = `{${people.map(({ id }) => id).join()}}`;
  const [row] = await runRepeated(
    on,
    sql<{ ids: string | null }>`select array_agg(id)::text as ids from people where id = any(${ids}::int[])`,
  );
  return new Set(row?.ids?.slice(1, -1).split(',').map(Number));
}

/** Who meets another writer in one of them begins again. */
async function addPeople(on: Sql, people: readonly MirroredPerson[], now: Date): Promise<void> {
  if (people.length === 0) return;
  const rows = people.map((person) => ({ ...person, fetched_at: now }));
  await runStatement(on, copyStatement('people', rows, { ...types, fetched_at: 'timestamptz' }));
}

/** Adds what was not kept of people before; nothing that is known is replaced, and none is named anew. */
export async function fillPeople(on: Sql, people: readonly MirroredPerson[]): Promise<void> {
  const rows = byId(people);
  if (rows.length === 0) return;
  await runStatement(
    on,
    sql`
    update people p set gender = coalesce(p.gender, nullif(i.gender, 0)),
      original_name = coalesce(p.original_name, i.original_name), adult = coalesce(p.adult, i.adult)
    from json_to_recordset(${JSON.stringify(rows)}::json) as i(id int, gender int, original_name text, adult boolean)
    where i.id = p.id and p.id in (
      select id from people where id = any(${rows.map(({ id }) => id)}::int[])
        and (gender is null or original_name is null or adult is null)
      order by id for no key update)`,
  );
}
