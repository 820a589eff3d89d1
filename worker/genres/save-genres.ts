import { sql } from '#shared/db/sql.ts';
import { runRepeated } from '#worker/store/run-repeated.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { NamedId } from '#worker/tmdb/wire/mirrored-movie.ts';

/** Names are unique in our table; where TMDb gives one name to two ids, the later id carries its number. */
export function withDistinctNames(genres: readonly NamedId[]): NamedId[] {
  const taken = new Set<string>();
  return [...new Map(genres.map((genre) => [genre.id, genre])).values()]
    .sort((a, b) => a.id - b.id)
    .map(({ id, name }) => {
      let distinct = name;
      while (taken.has(distinct)) distinct = `${distinct} (${id})`;
      taken.add(distinct);
      return { id, name: distinct };
    });
}

/** Makes rows for genres that a movie names and the genre list does not: known, but not listed. */
export async function saveUnlistedGenres(on: Sql, genres: readonly NamedId[]): Promise<void> {
  const distinct = withDistinctNames(genres);
  if (distinct.length === 0) return;
  await runRepeated(
    on,
    sql`
      insert into genres (id, name, listed)
      select i.id,
        case when exists (select 1 from genres g where g.name = i.name)
          then i.name || ' (' || i.id || ')' else i.name end,
        false
      from json_to_recordset(${JSON.stringify(distinct)}::json) as i(id int, name text)
      where not exists (select 1 from genres g where g.id = i.id)
      order by i.id
      on conflict (id) do nothing`,
  );
}
