import type { Pool } from 'pg';

export interface FixtureMovie {
  tmdb_id: number;
  title?: string;
  original_title?: string | null;
  state?: string;
  popularity?: number | null;
  vote_average?: number | null;
  vote_count?: number | null;
  release_date?: string | null;
  adult?: boolean | null;
  certification?: string | null;
  fetched_at?: string;
  genres?: number[];
  /** Person ids. */
  cast?: number[];
  crew?: number[];
}

/** Puts rows there as the worker would, whole and in one go. Genres and people are made as they are named. */
export async function putMovies(pool: Pool, movies: readonly FixtureMovie[]): Promise<void> {
  const rows = movies.map((movie) => ({
    title: `Movie ${movie.tmdb_id}`,
    state: 'detailed',
    adult: false,
    fetched_at: new Date().toISOString(),
    genres: [],
    cast: [],
    crew: [],
    ...movie,
  }));
  const json = JSON.stringify(rows);
  await pool.query(
    `insert into genres (id, name) select distinct g, 'Genre ' || g
     from json_to_recordset($1) as i(genres int[]), unnest(genres) g on conflict (id) do nothing`,
    [json],
  );
  await pool.query(
    `insert into people (id, name) select distinct p, 'Person ' || p
     from json_to_recordset($1) as i("cast" int[], crew int[]), unnest("cast" || crew) p on conflict (id) do nothing`,
    [json],
  );
  await pool.query(
    `insert into movies (tmdb_id, state, title, original_title, popularity, vote_average, vote_count, release_date,
       adult, certification, fetched_at)
     select tmdb_id, state, title, original_title, popularity, vote_average, vote_count, release_date, adult,
       certification, fetched_at
     from json_to_recordset($1) as i(tmdb_id int, state text, title text, original_title text, popularity float8,
       vote_average float8, vote_count int, release_date date, adult boolean, certification text,
       fetched_at timestamptz)`,
    [json],
  );
  await pool.query(
    `insert into movie_genres (movie_id, genre_id, position)
     select m.id, g, 0 from json_to_recordset($1) as i(tmdb_id int, genres int[])
     join movies m on m.tmdb_id = i.tmdb_id, unnest(i.genres) g`,
    [json],
  );
  await pool.query(
    `insert into credits (movie_id, credit_id, person_id, kind, position)
     select m.id, kind || p, p, kind, 0
     from json_to_recordset($1) as i(tmdb_id int, "cast" int[], crew int[])
     join movies m on m.tmdb_id = i.tmdb_id,
     lateral (select 'cast' as kind, unnest(i."cast") as p union all select 'crew', unnest(i.crew)) c`,
    [json],
  );
}

export interface ListAnswer {
  data: { tmdb_id: number; title: string }[];
  meta: Record<string, unknown>;
}

export const idsOf = ({ data }: ListAnswer): number[] => data.map((movie) => movie.tmdb_id);
