import { sql } from '#shared/db/sql.ts';
import { isJsonObject } from '#shared/is-json-object.ts';
import { maxTmdbId } from '#shared/jobs/catalog.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import { byId } from '../people/by-id.ts';
import { imagePath } from '../tmdb/wire/map-values.ts';

interface NamedCompany {
  id: number;
  name: string;
  logo_path: string | null;
  origin_country: string;
}

const longestName = 500;

/** The company that a row of TMDb's names; nothing where it has no id or no name. */
export function companyOf(row: unknown): NamedCompany[] {
  if (!isJsonObject(row)) return [];
  const { id, name, logo_path: logo, origin_country: country } = row;
  const isId = Number.isInteger(id) && (id as number) > 0 && (id as number) <= maxTmdbId;
  if (!isId || typeof name !== 'string' || name.trim() === '') return [];
  return [
    {
      id: id as number,
      name: name.replaceAll('\0', '').toWellFormed().slice(0, longestName).toWellFormed(),
      logo_path: typeof logo === 'string' ? imagePath(logo) : null,
      origin_country: typeof country === 'string' ? country.replace(/[^A-Za-z]/g, '').slice(0, 2) : '',
    },
  ];
}

/** @param details of a movie, as TMDb sent them */
export function companiesOf({ production_companies: rows }: Record<string, unknown>): NamedCompany[] {
  return Array.isArray(rows) ? rows.flatMap(companyOf) : [];
}

/** Takes over what companies are called. One that is said again is written at most once a week. */
export async function saveCompanies(on: Sql, companies: readonly NamedCompany[], now: Date): Promise<void> {
  const rows = byId(companies);
  if (rows.length === 0) return;
  await runRepeated(
    on,
    sql`
      insert into companies as c (id, name, logo_path, origin_country, fetched_at)
      select i.id, i.name, i.logo_path, i.origin_country, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as i(id int, name text, logo_path text, origin_country text)
      where not exists (
        select 1 from companies k where k.id = i.id and k.fetched_at > ${now}::timestamptz - interval '7 days'
          and (k.name, k.logo_path, k.origin_country) is not distinct from (i.name, i.logo_path, i.origin_country))
      order by i.id
      on conflict (id) do update set name = excluded.name, logo_path = excluded.logo_path,
        origin_country = excluded.origin_country, fetched_at = excluded.fetched_at`,
  );
}
