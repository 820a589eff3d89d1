import type { Pool } from 'pg';

/** The columns of `movies` and their types, as the database's own catalogue has them. */
export async function readMovieColumns(pool: Pool): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ name: string; type: string }>(`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = 'movies'`);
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** The tables that belong to movies by a key of theirs, as the catalogue has them. */
export async function readMovieTables(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select distinct conrelid::regclass::text as name from pg_constraint
    where contype = 'f' and confrelid = 'movies'::regclass order by 1`);
  return rows.map(({ name }) => name);
}

/** What of a movie is not empty. */
export interface FilledParts {
  /** Columns that say something: neither null nor empty. */
  columns: string[];
  /** Tables with rows of the movie. */
  tables: string[];
}

export async function readFilledParts(pool: Pool, tmdbId: number): Promise<FilledParts> {
  const { rows } = await pool.query('select * from movies where tmdb_id = $1', [tmdbId]);
  const [movie] = rows;
  if (movie === undefined) throw new Error(`there is no movie ${tmdbId}`);
  const tables: string[] = [];
  for (const table of await readMovieTables(pool)) {
    const found = await pool.query(`select 1 from ${table} where movie_id = $1 limit 1`, [movie.id]);
    if (found.rows.length > 0) tables.push(table);
  }
  return {
    columns: Object.keys(movie).filter((column) => movie[column] !== null && movie[column] !== ''),
    tables,
  };
}
