import { runStatement } from '#shared/db/run-statement.ts';
import { raw, sql } from '#shared/db/sql.ts';
import { genreBitsOf } from '#shared/movies/genre-bits.ts';
import { type ListedColumn, listedColumns, type MirroredValues } from '#shared/movies/mirrored-columns.ts';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '../tmdb/wire/mirrored-movie.ts';
import { columnListsOf } from './column-lists.ts';
import { splitTitle } from './split-title.ts';

export interface SavedListed {
  /** tmdb_ids of the rows that this call wrote. */
  changed: number[];
  created: number;
  updated: number;
}

/**
 * Upserts what a list said of movies, in one statement, and never over what is known better: a detailed or gone
 * row keeps its content. `scope` is why `details` should fill them (`null`: known only as a relation); a row
 * keeps the strongest reason it ever had.
 */
export async function saveListedMovies(
  on: Sql,
  movies: readonly ListedMovie[],
  options: { scope: number | null; now: Date },
): Promise<SavedListed> {
  const rows = [...new Map(movies.map((movie) => [movie.tmdb_id, movie])).values()]
    .sort((a, b) => a.tmdb_id - b.tmdb_id)
    .map((movie): ListedRow => ({ ...movie, ...splitTitle(movie.title) }));
  if (rows.length === 0) return { changed: [], created: 0, updated: 0 };
  const json = JSON.stringify(rows);
  const written = await upsertRows(on, json, options);
  if (options.scope !== null)
    await raiseScope(
      on,
      rows.map((row) => row.tmdb_id),
      options.scope,
    );
  if (written.length > 0)
    await replaceListedGenres(
      on,
      json,
      written.map((row) => row.id),
    );
  return {
    changed: written.map((row) => row.tmdb_id),
    created: written.filter((row) => row.created).length,
    updated: written.filter((row) => !row.created).length,
  };
}

/** Every column that a list fills, or it does not compile. */
type ListedRow = Pick<MirroredValues, ListedColumn> & Pick<ListedMovie, 'tmdb_id' | 'genre_ids'>;

interface WrittenRow {
  id: string;
  tmdb_id: number;
  created: boolean;
}

const { names, values, types, replacements } = columnListsOf(listedColumns);

async function upsertRows(on: Sql, json: string, { scope, now }: { scope: number | null; now: Date }) {
  // A listed row that says the same and was read today is left alone: most relations repeat.
  const rows = await runStatement(
    on,
    sql<WrittenRow>`
    insert into movies as m (tmdb_id, state, scope, ${names}, genre_bits, fetched_at, updated_at)
    select i.tmdb_id, 'listed', ${scope}::smallint, ${values},
      (select ${raw(genreBitsOf('g.id'))} from genres g where g.id = any(i.genre_ids)), ${now}, ${now}
    from json_to_recordset(${json}::json) as i(tmdb_id int, genre_ids int[], ${types})
    where not exists (
      select 1 from movies k where k.tmdb_id = i.tmdb_id and (k.state in ('detailed', 'gone')
        or (k.state = 'listed' and k.fetched_at > ${now}::timestamptz - interval '1 day'
          and (k.title, k.overview, k.poster_path, k.release_date)
            is not distinct from (i.title, i.overview, i.poster_path, i.release_date))))
    order by i.tmdb_id
    on conflict (tmdb_id) do update set state = 'listed', ${replacements},
      genre_bits = excluded.genre_bits, fetched_at = excluded.fetched_at, updated_at = excluded.updated_at
    where m.state not in ('detailed', 'gone')
    returning id, tmdb_id, (xmax = 0) as created`,
  );
  return rows;
}

async function raiseScope(on: Sql, tmdbIds: number[], scope: number) {
  await runStatement(
    on,
    sql`
    update movies set scope = ${scope}::smallint where id in (
      select id from movies where tmdb_id = any(${tmdbIds}::int[]) and (scope is null or scope > ${scope})
      order by tmdb_id for update)`,
  );
}

/** Genre ids that the genre list does not have are left out: a list gives them no name. */
async function replaceListedGenres(on: Sql, json: string, ids: string[]) {
  await runStatement(on, sql`delete from movie_genres where movie_id = any(${ids}::bigint[])`);
  await runStatement(
    on,
    sql`
    insert into movie_genres (movie_id, genre_id, position)
    select m.id, g.id, min(e.position) - 1
    from json_to_recordset(${json}::json) as i(tmdb_id int, genre_ids int[])
    join movies m on m.tmdb_id = i.tmdb_id and m.id = any(${ids}::bigint[])
    cross join unnest(i.genre_ids) with ordinality as e(genre_id, position)
    join genres g on g.id = e.genre_id
    group by m.id, g.id
    on conflict do nothing`,
  );
}
