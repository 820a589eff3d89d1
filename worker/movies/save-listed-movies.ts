import { sql } from 'kysely';
import type { Sql } from '#worker/store/write-transaction.ts';
import type { ListedMovie } from '../tmdb/wire/mirrored-movie.ts';
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
    .map((movie) => ({ ...movie, ...splitTitle(movie.title) }));
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

interface WrittenRow {
  id: string;
  tmdb_id: number;
  created: boolean;
}

async function upsertRows(on: Sql, json: string, { scope, now }: { scope: number | null; now: Date }) {
  // A listed row that says the same and was read today is left alone: most relations repeat.
  const { rows } = await sql<WrittenRow>`
    insert into movies as m (tmdb_id, state, scope, title, long_title, original_title, overview, release_date,
      poster_path, backdrop_path, popularity, vote_average, vote_count, adult, fetched_at, updated_at)
    select i.tmdb_id, 'listed', ${scope}::smallint, i.title, i.long_title, i.original_title, i.overview, i.release_date,
      i.poster_path, i.backdrop_path, i.popularity, i.vote_average, i.vote_count, i.adult, ${now}, ${now}
    from json_to_recordset(${json}::json) as i(tmdb_id int, title text, long_title text, original_title text,
      overview text, release_date date, poster_path text, backdrop_path text, popularity float8,
      vote_average float8, vote_count int, adult boolean)
    where not exists (
      select 1 from movies k where k.tmdb_id = i.tmdb_id and (k.state in ('detailed', 'gone')
        or (k.state = 'listed' and k.fetched_at > ${now}::timestamptz - interval '1 day'
          and (k.title, k.overview, k.poster_path, k.release_date)
            is not distinct from (i.title, i.overview, i.poster_path, i.release_date))))
    order by i.tmdb_id
    on conflict (tmdb_id) do update set state = 'listed', title = excluded.title, long_title = excluded.long_title,
      original_title = excluded.original_title, overview = excluded.overview, release_date = excluded.release_date,
      poster_path = excluded.poster_path, backdrop_path = excluded.backdrop_path, popularity = excluded.popularity,
      vote_average = excluded.vote_average, vote_count = excluded.vote_count, adult = excluded.adult,
      fetched_at = excluded.fetched_at, updated_at = excluded.updated_at
    where m.state not in ('detailed', 'gone')
    returning id, tmdb_id, (xmax = 0) as created`.execute(on);
  return rows;
}

async function raiseScope(on: Sql, tmdbIds: number[], scope: number) {
  await sql`
    update movies set scope = ${scope}::smallint where id in (
      select id from movies where tmdb_id = any(${tmdbIds}::int[]) and (scope is null or scope > ${scope})
      order by tmdb_id for update)`.execute(on);
}

/** Genre ids that the genre list does not have are left out: a list gives them no name. */
async function replaceListedGenres(on: Sql, json: string, ids: string[]) {
  await sql`delete from movie_genres where movie_id = any(${ids}::bigint[])`.execute(on);
  await sql`
    insert into movie_genres (movie_id, genre_id, position)
    select m.id, g.id, min(e.position) - 1
    from json_to_recordset(${json}::json) as i(tmdb_id int, genre_ids int[])
    join movies m on m.tmdb_id = i.tmdb_id and m.id = any(${ids}::bigint[])
    cross join unnest(i.genre_ids) with ordinality as e(genre_id, position)
    join genres g on g.id = e.genre_id
    group by m.id, g.id
    on conflict do nothing`.execute(on);
}
